/** Whether clients can trust the servers. */
import type { TurnServer } from '../../../api/turnserver.ts';
import type { Member } from '../../../fleet/members.ts';
import type { Reason } from '../../../fleet/pod.ts';
import { labels } from '../../names.ts';
import {
  judgeCertificate,
  type CertificateContext,
  type ServedCertificate,
} from '../../servedCertificate.ts';
import { turnNames } from '../names.ts';
import { named, type TurnConditionInput, type TurnVerdict } from './input.ts';

/** What can be said of the certificate in the Secret; undefined without TLS. */
export function turnCertificateOf(
  server: TurnServer,
  context: Omit<CertificateContext, 'names'>,
): ServedCertificate | undefined {
  const { tls, network } = server.spec;
  if (tls.mode === 'Disabled') return undefined;
  const subject = {
    mode: tls.mode,
    secretName: turnNames.tlsSecret(server),
    certificateName: turnNames.certificate(server),
    label: `${labels.turnServer}=${server.metadata.name}`,
    field: 'tls',
    client: 'clients connect',
  };
  return judgeCertificate(subject, { ...context, names: [network.serverName ?? ''] });
}

/** Whether a handshake with each coturn that runs showed the certificate in the Secret; not as long as none runs. */
export function isLoaded(input: Seen): boolean {
  return input.certificate?.isUsable === true && running(input).length > 0 && notSeen(input).length === 0;
}

type Seen = Pick<TurnConditionInput, 'certificate' | 'decision'>;

/** Those that drain have clients, too. One whose allocations have all ended is about to go, and serves nothing any more. */
function running({ decision }: Seen): readonly Member[] {
  return decision.members.filter(({ pod: { isDead, facts } }) => {
    const isOver = facts?.answered === true && facts.isDraining && facts.sessions === 0;
    return !isDead && !isOver;
  });
}

/** Pods whose coturn was not seen to serve the certificate in the Secret: silent ones and those that start, too. */
function notSeen(input: Seen): readonly Member[] {
  return running(input).filter(({ pod: { facts } }) => {
    const shown = facts?.answered === true ? facts.turn?.certificate?.fingerprint : undefined;
    return shown === undefined || shown !== input.certificate?.fingerprint;
  });
}

/** CertificateReady: it is there, fits, is valid, and a handshake with each coturn showed it. None without TLS. */
export function certificateReady(input: TurnConditionInput): TurnVerdict[] {
  const { certificate } = input;
  if (certificate === undefined) return [];
  const type = 'CertificateReady';
  const { isUsable, reason, message } = certificate;
  if (!isUsable) return [{ type, status: 'False', reason, message }];
  return [{ type, ...servedBy(input, { reason, message }) }];
}

/** Clients are sent to published pods only: another pod without it is no reason for alarm. */
function servedBy(input: Seen, valid: Reason): Omit<TurnVerdict, 'type'> {
  const unseen = notSeen(input);
  const wrong = unseen.filter(({ pod, isPublished }) => isPublished && pod.facts?.answered === true);
  const told = (of: readonly Member[]): string =>
    `${valid.message}; not seen to be served by ${named(of)}: if that lasts, see the log of their container agent`;
  if (wrong.length > 0) return { status: 'False', reason: 'NotLoaded', message: told(wrong) };
  if (unseen.length > 0) return { status: 'Unknown', reason: 'NotSeen', message: told(unseen) };
  if (isLoaded(input)) return { status: 'True', ...valid };
  const message = `${valid.message}; no TURN server runs yet that could serve it`;
  return { status: 'Unknown', reason: 'NoPodYet', message };
}
