/** Whether every coturn takes a secret, and every Secret for Mattermost holds it: who does not, each with the reason. */
import { secretHash } from '../secretHash.ts';
import type { Issuer, RotationPod, SecretContents } from './state.ts';

/**
 * Coturns that were not seen to take the secret by a real allocation. Without a single coturn nobody could have been
 * seen, and one that starts later might have read the Secret before.
 */
export function notVerified(secret: string, pods: readonly RotationPod[]): string[] {
  const serving = pods.filter(({ mayServe }) => mayServe);
  if (serving.length === 0) return ['a TURN server that runs'];
  const hash = secretHash(secret);
  return serving.flatMap((pod) => {
    const why = whyNot(pod, hash);
    return why === undefined ? [] : [`pod ${pod.name}: ${why}`];
  });
}

function whyNot({ accepts, verified, problem }: RotationPod, hash: string): string | undefined {
  if (accepts === undefined) return problem ?? 'its agent has not answered';
  if (!accepts.includes(hash)) return problem ?? 'it has not read the new secret yet';
  if (!verified.includes(hash)) return problem ?? 'no allocation was made with the new secret yet';
  return undefined;
}

/** Secrets for Mattermost that do not hold it yet. `acknowledged` is the hash that a person said everybody has. */
export function notIssuing(secret: string, issuers: readonly Issuer[], acknowledged?: string): string[] {
  const hash = secretHash(secret);
  const seen = issuers.filter(({ isHidden }) => isHidden !== true);
  return [
    ...seen.filter((issuer) => issuer.hash !== hash).map(({ name }) => `${name}, to be written anew`),
    ...(acknowledged === hash ? [] : notSeen(hash, issuers)),
  ];
}

/** Those that nobody of us may look at, each with what to do. */
export function notSeen(hash: string, issuers: readonly Issuer[]): string[] {
  const ways = `give the operator its rights there back (bindingNamespaces of its chart); or put the new secret into it, or delete it, and annotate the TurnServer with rtc.progressnet.gr/turn-ack=${hash}`;
  return issuers.flatMap(({ name, isHidden }) =>
    isHidden === true ? [`${name}, which the operator may not look at: ${ways}`] : [],
  );
}

/**
 * The hashes that a coturn must take before clients are sent there: of all secrets that credentials in use may be
 * made with. What it lacks of them; empty: it may serve.
 */
export function lacking(contents: SecretContents, accepts: readonly string[]): string[] {
  const needed = [contents.secret, ...(contents.previous === undefined ? [] : [contents.previous])];
  return needed.map(secretHash).filter((hash) => !accepts.includes(hash));
}
