/** Which RTCCluster or TurnServer a word of the command line means: `calls`, or `turnserver/edge` as kubectl writes it. */
import type { KubeObject } from '../kube/api.ts';
import * as resources from '../kube/resources.ts';
import { CliError, exitCodes } from './io.ts';
import { clusterIn, oneOf, type Session } from './session.ts';

/** What a word means. */
export interface Target {
  readonly kind: 'RTCCluster' | 'TurnServer';
  /** Undefined: the only one. */
  readonly name: string | undefined;
}

const kinds: Readonly<Record<string, Target['kind']>> = {
  ...{ rtccluster: 'RTCCluster', rtcclusters: 'RTCCluster', rtc: 'RTCCluster' },
  ...{ turnserver: 'TurnServer', turnservers: 'TurnServer', turn: 'TurnServer' },
};

/** Throws a CliError when the kind before the slash is none of ours. */
export function targetOf(word: string | undefined): Target {
  const [first = '', second] = word?.split('/') ?? [];
  if (second === undefined) return { kind: 'RTCCluster', name: word };
  const kind = kinds[first.toLowerCase()];
  if (kind !== undefined && second !== '') return { kind, name: second };
  throw new CliError(
    `${word ?? ''} names nothing that is known here: write the name of an RTCCluster, or turnserver/NAME`,
    exitCodes.usage,
  );
}

/** Throws a CliError that says what is there instead. */
export async function targetIn(session: Session, { kind, name }: Target): Promise<KubeObject> {
  if (kind === 'TurnServer') return oneOf(session, resources.turnservers, name ?? '');
  try {
    return await clusterIn(session, name);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const hint = await turnHint(session, name).catch(() => undefined);
    throw hint === undefined ? error : new CliError(`${error.message}. ${hint}`);
  }
}

async function turnHint(session: Session, name: string | undefined): Promise<string | undefined> {
  const { namespace } = session;
  const servers = await session.all(resources.turnservers, { namespace });
  const fits = servers
    .map(({ metadata }) => metadata.name)
    .filter((one) => name === undefined || one === name);
  if (fits.length === 0) return undefined;
  return `There ${fits.length === 1 ? 'is' : 'are'} ${fits.map((one) => `turnserver/${one}`).join(', ')}: write that to ask about a TurnServer`;
}
