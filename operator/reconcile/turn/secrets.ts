/** PURE: the shared secrets of a TurnServer as they were observed, and who has to be asked while there are two. */
import { turnNames, turnSecretKeys } from '../../desired/turn/names.ts';
import type { WatchedSecret } from '../../facts/turn/consumers.ts';
import type { TurnObserved } from './observe.ts';

/** Of the Secret with the shared secrets, decoded. */
export function secretsIn({
  secrets,
  server,
}: Pick<TurnObserved, 'secrets' | 'server'>): Readonly<Record<string, string>> {
  const data = server.ok ? (secrets[turnNames.authSecret(server.value)] ?? {}) : {};
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

/** Nobody is looked for but while an old secret waits for them. */
export function overlapping(observed: TurnObserved): WatchedSecret[] {
  if (secretsIn(observed)[turnSecretKeys.previous] === undefined) return [];
  return observed.issuers.map(({ namespace, secretName }) => ({ namespace, name: secretName }));
}
