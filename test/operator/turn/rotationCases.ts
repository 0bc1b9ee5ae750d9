/** Rotations of a TURN secret from `old` to `new`, as their tests begin. */
import { decideRotation } from '../../../operator/turn/rotation/decide.ts';
import type { RotationInput, RotationPod, SecretContents } from '../../../operator/turn/rotation/state.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';

/** Of all decisions. */
export const nowMs = Date.parse('2026-11-30T12:00:00Z');
/** In milliseconds. */
export const minute = 60_000;
/** So long before that. */
export const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
/** An annotation. */
export const key = (name: string): string => `rtc.progressnet.gr/${name}`;
/** Of the secrets `old` and `new`. */
export const [oldHash, newHash] = [secretHash('old'), secretHash('new')];

/** Annotations of a Secret an hour old. */
export const notes = (some: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  [key('turn-secret-since')]: ago(60 * minute),
  [key('turn-longest-ttl')]: '14400',
  ...some,
});
/** One secret. */
export const settled: SecretContents = { secret: 'old', annotations: notes() };
/** The next one is known to coturns, and not in force. */
export const handedOut: SecretContents = { ...settled, next: 'new' };
/** It is in force, and nobody knows yet who has it. */
export const swapped: SecretContents = { secret: 'new', previous: 'old', annotations: notes() };
/** Everybody is given it since ten minutes. */
export const overlapping = (some: Readonly<Record<string, string>> = {}): SecretContents => ({
  ...swapped,
  annotations: notes({ [key('turn-switched')]: ago(10 * minute), ...some }),
});

/** A coturn that takes both. */
export const pod = (some: Partial<RotationPod> = {}): RotationPod => ({
  name: 'edge-turn-0',
  mayServe: true,
  accepts: [oldHash, newHash],
  verified: [oldHash, newHash],
  ...some,
});

/** The last step but one of a rotation. */
export const base: RotationInput = {
  nowMs,
  ttlSeconds: 14_400,
  intervalSeconds: 0,
  overlap: 'Automatic',
  contents: settled,
  fresh: 'fresh',
  pods: [pod()],
  issuers: [{ name: 'Secret edge-ice-servers', hash: newHash }],
  consumers: [{ name: 'mattermost/app-0', startedMs: nowMs - minute }],
  unseen: [],
};
/** `base` with something else. */
export const decide = (some: Partial<RotationInput>): ReturnType<typeof decideRotation> =>
  decideRotation({ ...base, ...some });
