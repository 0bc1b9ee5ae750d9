/** `spec.drain` and `spec.deletionPolicy`: how pods go. */
import { facts, before } from '../../../support/pods.ts';
import type { Section } from '../entry.ts';
import { running, type Situation } from '../situation.ts';

/** One pod too many, idle for an hour, out of DNS for `agoMs`. */
const leaving = (agoMs: number): Situation => running({}, {}, { drain: { reason: 'ScaleDown', agoMs } });
/** One pod too many that lost its last call 20 s ago. */
const justIdle = running(
  {},
  {},
  {
    drain: { reason: 'ScaleDown', agoMs: 600_000 },
    facts: facts({ sessionlessSinceMs: before(20_000) }),
  },
);
/** One pod with a call, about to begin to drain. */
const busySurplus = running(
  { facts: facts({ sessions: 3 }) },
  { facts: facts({ sessions: 3 }) },
  {
    facts: facts({ sessions: 1 }),
  },
);
/** One pod too many that drains with a deadline, with a call in which all have been muted for an hour. */
const quietSurplus = running(
  {},
  {},
  {
    drain: { reason: 'ScaleDown', agoMs: 600_000 },
    annotations: { 'rtc.progressnet.gr/drain-deadline': new Date(before(-3_600_000)).toISOString() },
    facts: facts({ sessions: 1, quiet: { mark: 1, sinceMs: before(3_600_000) } }),
  },
);
const kept = 'a drain keeps the deadline that it began with';
const scaleDown = { reason: 'ScaleDown', policy: 'ForceAfter', timeoutSeconds: 300 };

/** See the file comment. */
export const drain: Section = {
  'drain.policy': { set: { drain: { policy: 'ForceAfter' } }, in: busySurplus, oneWay: kept },
  'drain.timeoutSeconds': {
    set: { drain: { timeoutSeconds: 3600 } },
    oneWay: 'a pod keeps the time it was made with: editing it moves no call',
  },
  'drain.propagationSeconds': { set: { drain: { propagationSeconds: 300 } }, in: leaving(120_000) },
  'drain.sessionlessSeconds': { set: { drain: { sessionlessSeconds: 60 } }, in: justIdle },
  'drain.idleCallSeconds': {
    set: { drain: { idleCallSeconds: 1800 } },
    in: quietSurplus,
    oneWay: 'a pod that was told to go does not stay',
  },
  'drain.overrides[].reason': {
    from: { drain: { overrides: [{ ...scaleDown, reason: 'Rollout' }] } },
    set: { drain: { overrides: [scaleDown] } },
    in: busySurplus,
    oneWay: kept,
  },
  'drain.overrides[].policy': {
    from: { drain: { overrides: [{ ...scaleDown, policy: 'Wait' }] } },
    set: { drain: { overrides: [scaleDown] } },
    in: busySurplus,
    oneWay: kept,
  },
  'drain.overrides[].timeoutSeconds': {
    from: { drain: { overrides: [scaleDown] } },
    set: { drain: { overrides: [{ ...scaleDown, timeoutSeconds: 600 }] } },
    in: busySurplus,
    oneWay: kept,
  },
  deletionPolicy: { set: { deletionPolicy: 'Immediate' } },
};
