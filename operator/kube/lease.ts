/** PURE: a Lease as data, and what to do about the one that was read (coordination.k8s.io/v1, as client-go elects). */
import type { KubeObject } from './api.ts';

/** `spec` of a Lease. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  /** RFC 3339 with microseconds. */
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** The times of an election, in milliseconds. */
export interface LeaseTimes {
  /** How long others leave a silent holder alone. Default 15,000. */
  readonly durationMs: number;
  /** How long after its last renewal a holder may write. Default 10,000. */
  readonly renewDeadlineMs: number;
  /** Between tries. Default 2,000. */
  readonly retryMs: number;
}

/** Kubernetes' own defaults: 15 s, 10 s, 2 s. */
export const leaseTimes: LeaseTimes = { durationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

/** A Lease as it was read, and when its content last changed on our own clock: clocks of others are not trusted. */
export interface Observed {
  readonly spec: LeaseSpec;
  readonly changedAtMs: number;
}

/** What to do next. */
export type LeaseDecision =
  | { readonly action: 'take'; readonly reason: string }
  | { readonly action: 'renew'; readonly reason: string }
  | { readonly action: 'wait'; readonly reason: string };

/** Renew our own, take what is free or has not changed for its duration, wait otherwise. */
export function decideLease(observed: Observed, identity: string, nowMs: number): LeaseDecision {
  const { holderIdentity = '', leaseDurationSeconds = 0 } = observed.spec;
  if (holderIdentity === identity) return { action: 'renew', reason: 'the lease is ours' };
  if (holderIdentity === '') return { action: 'take', reason: 'the lease was released' };
  const silentMs = nowMs - observed.changedAtMs;
  return silentMs >= leaseDurationSeconds * 1000
    ? { action: 'take', reason: `${holderIdentity} did not renew for ${Math.round(silentMs)} ms` }
    : { action: 'wait', reason: `${holderIdentity} holds the lease` };
}

/** What a holder writes. */
export function heldSpec(
  previous: LeaseSpec | undefined,
  holder: { readonly identity: string; readonly wallMs: number; readonly durationMs: number },
): LeaseSpec {
  const now = microTime(holder.wallMs);
  const isOurs = previous?.holderIdentity === holder.identity;
  const transitions = previous?.leaseTransitions ?? 0;
  return {
    holderIdentity: holder.identity,
    leaseDurationSeconds: Math.ceil(holder.durationMs / 1000),
    acquireTime: isOurs ? (previous.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: isOurs || previous === undefined ? transitions : transitions + 1,
  };
}

/** What a holder leaves behind, so that the next one need not wait. */
export function releasedSpec(previous: LeaseSpec, wallMs: number): LeaseSpec {
  return { ...previous, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(wallMs) };
}

/** The spec of a Lease object. */
export function specOf(lease: KubeObject): LeaseSpec {
  return lease['spec'] ?? {};
}

/** metav1.MicroTime. */
export function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace('Z', '000Z');
}
