/** Whether clients can trust the servers. */
import type { TurnServer } from '../../../api/turnserver.ts';
import { labels } from '../../names.ts';
import {
  judgeCertificate,
  type CertificateContext,
  type ServedCertificate,
} from '../../servedCertificate.ts';
import { turnNames } from '../names.ts';
import { answering, type TurnConditionInput, type TurnVerdict } from './input.ts';

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

/** Published pods that were seen to serve another certificate than that in the Secret, or none. */
export function notLoaded({
  certificate,
  decision,
}: Pick<TurnConditionInput, 'certificate' | 'decision'>): readonly string[] {
  return answering(decision.members)
    .filter(({ turn }) => turn?.certificate?.fingerprint !== certificate?.fingerprint)
    .map(({ member }) => member.pod.name);
}

/** CertificateReady: it is there, fits, is valid, and a handshake with each coturn showed it. None without TLS. */
export function certificateReady(input: TurnConditionInput): TurnVerdict[] {
  const { certificate } = input;
  if (certificate === undefined) return [];
  const type = 'CertificateReady';
  const { isUsable, reason, message } = certificate;
  if (!isUsable) return [{ type, status: 'False', reason, message }];
  const late = notLoaded(input);
  if (late.length === 0) return [{ type, status: 'True', reason, message }];
  const told = `${message}; not served yet by ${late.join(', ')}: if that lasts, see the log of their container agent`;
  return [{ type, status: 'False', reason: 'NotLoaded', message: told }];
}
