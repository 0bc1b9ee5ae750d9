/**
 * PURE: what was observed of a TurnServer, without any value of a Secret, as JSON can carry it; and back. Whether coturns
 * take a secret is told by hashes, so a word stands for each shared secret, and its hash for the hash of the secret:
 * what is decided on the one is decided on the other.
 */
import type { TurnServer } from '../api/turnserver.ts';
import { turnNames, turnSecretAnnotations, turnSecretKeys } from '../desired/turn/names.ts';
import type { SecretData } from '../desired/credentials.ts';
import type { PodView } from '../fleet/pod.ts';
import type { KubeObject } from '../kube/api.ts';
import type { TurnObserved } from '../reconcile/turn/observe.ts';
import { secretsIn } from '../reconcile/turn/secrets.ts';
import type { PeerPod } from '../turn/peers.ts';
import { secretHash } from '../turn/secretHash.ts';
import { keysOnly, portsOnly, withoutEnvironment, withoutValues } from './redact.ts';

/** See the file comment. */
export interface RecordedTurnObserved extends Omit<TurnObserved, 'clusters'> {
  /** Name of an RTCCluster and its pods. */
  readonly clusters: readonly (readonly [string, readonly PeerPod[]])[];
  /** The hash of a word → that of the secret that it stands for, as the status tells it. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** See the file comment. */
export function redactedTurn(observed: TurnObserved): RecordedTurnObserved {
  const { server, clusters, issuers } = observed;
  const words = wordsFor(observed);
  const hashes = new Map([...words].map(([value, word]) => [secretHash(value), secretHash(word)]));
  const secrets = server.ok ? withWords(observed.secrets, server.value, words) : keysOnly(observed.secrets);
  return {
    ...observed,
    secrets,
    found: observed.found.map((object) => withoutSecrets(object, secrets)),
    pods: observed.pods.map(withoutEnvironment),
    others: observed.others.map(portsOnly),
    views: observed.views.map((view) => withHashes(view, hashes)),
    issuers: issuers.map(({ hash, ...issuer }) => ({
      ...issuer,
      ...(hash !== undefined && { hash: hashes.get(hash) ?? hash }),
    })),
    clusters: [...clusters],
    hashes: Object.fromEntries([...hashes].map(([real, standIn]) => [standIn, real])),
  };
}

/** Back. */
export function observedTurn(recorded: RecordedTurnObserved): TurnObserved {
  const { clusters, ...observed } = recorded;
  return { ...observed, clusters: new Map(clusters) };
}

/** What was decided on a record, with the hashes that people find elsewhere. */
export function withRealHashes<T>(told: T, { hashes }: RecordedTurnObserved): T {
  const text = Object.entries(hashes).reduce(
    (done, [standIn, real]) => done.replaceAll(standIn, real),
    JSON.stringify(told),
  );
  return JSON.parse(text) as T;
}

/** By the secret: `redacted secret`, `redacted next`, `redacted previous`. */
function wordsFor(observed: TurnObserved): ReadonlyMap<string, string> {
  const known = secretsIn(observed);
  const words = Object.values(turnSecretKeys).flatMap((key) => {
    const value = known[key];
    return value === undefined || value === '' ? [] : [[value, `redacted ${key}`] as const];
  });
  return new Map(words);
}

/** The shared secrets, also where a Mattermost is given one. */
function withWords(secrets: SecretData, server: TurnServer, words: ReadonlyMap<string, string>): SecretData {
  const shared = [turnNames.authSecret(server), turnNames.iceServersSecret(server)];
  const stand = (value: string, word: string): string => {
    const known = words.get(Buffer.from(value, 'base64').toString());
    return known === undefined ? word : Buffer.from(known).toString('base64');
  };
  const isShared = (name: string, key: string): boolean =>
    shared.includes(name) && (key in turnSecretKeys || key === 'MM_CALLS_TURN_STATIC_AUTH_SECRET');
  return Object.fromEntries(
    Object.entries(keysOnly(secrets)).map(([name, data]) => [
      name,
      Object.fromEntries(
        Object.entries(data).map(([key, word]) => [
          key,
          isShared(name, key) ? stand(secrets[name]?.[key] ?? '', word) : word,
        ]),
      ),
    ]),
  );
}

/** Of the notes on a Secret only those that a rotation remembers by. */
function withoutSecrets(object: KubeObject, secrets: SecretData): KubeObject {
  const bare = withoutValues(object);
  if (object.kind !== 'Secret') return bare;
  const ours: readonly string[] = Object.values(turnSecretAnnotations);
  const notes = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => ours.includes(key));
  const metadata = { ...bare.metadata, annotations: Object.fromEntries(notes) };
  return { ...bare, metadata, data: secrets[object.metadata.name] ?? bare['data'] };
}

function withHashes(view: PodView, hashes: ReadonlyMap<string, string>): PodView {
  const { facts } = view;
  if (facts?.answered !== true || facts.turn === undefined) return view;
  const standIn = (hash: string): string => hashes.get(hash) ?? hash;
  const { secrets, trials } = facts.turn;
  const turn = {
    ...facts.turn,
    secrets: secrets.map(standIn),
    trials: Object.fromEntries(Object.entries(trials).map(([hash, trial]) => [standIn(hash), trial])),
  };
  return { ...view, facts: { ...facts, turn } };
}
