/** `spec.drain`: how a pod is emptied before it goes. */
import { z } from 'zod';
import { type CelRule, mapList, seconds, withRules } from '../shared.ts';

/** Why a pod may be emptied. The word stands on the pod, in its status, in events and in metrics. */
export const drainReasons = [
  'ScaleDown',
  'Rollout',
  'Requested',
  'AddressChanged',
  'NodeDrain',
  'SpotInterruption',
  'Deletion',
] as const;

/** See `drainReasons`. */
export type DrainReason = (typeof drainReasons)[number];

const policies = ['Wait', 'ForceAfter'] as const;

/** Rules over `spec.drain` and each of its overrides. */
export const drainRules: readonly CelRule[] = [
  {
    rule: 'self.propagationSeconds + self.sessionlessSeconds <= self.timeoutSeconds',
    message:
      'drain.timeoutSeconds must cover drain.propagationSeconds plus drain.sessionlessSeconds: raise drain.timeoutSeconds',
  },
];

/** Rules over one entry of `spec.drain.overrides`. */
export const overrideRules: readonly CelRule[] = [
  {
    rule: "self.policy != 'ForceAfter' || has(self.timeoutSeconds)",
    message:
      'drain.overrides with policy ForceAfter need timeoutSeconds: say after how many seconds the pod goes with its calls, or use policy Wait',
  },
];

const override = withRules(
  z.object({
    reason: z
      .enum(drainReasons)
      .describe(
        'ScaleDown: one pod too many. Rollout: a newer template. Requested: a person annotated the pod. AddressChanged: its node has another address now. NodeDrain: its node is cordoned or drained. SpotInterruption: its node is about to be taken away. Deletion: the RTCCluster is deleted.',
      ),
    policy: z.enum(policies).describe('As drain.policy, for this reason alone.'),
    timeoutSeconds: seconds()
      .optional()
      .describe('As drain.timeoutSeconds, for this reason alone. Needed with ForceAfter.'),
  }),
  overrideRules,
);

/** See the file comment. */
export const drain = withRules(
  z.object({
    policy: z
      .enum(policies)
      .default('Wait')
      .describe(
        'What a drain does with calls that do not end. Wait: nothing, ever. ForceAfter: timeoutSeconds after its begin the pod is deleted with them; that deadline is on the pod and in status.members, and no later edit of the spec changes it.',
      ),
    timeoutSeconds: seconds()
      .min(30)
      .default(18_000)
      .describe(
        'Seconds from the begin of a drain to its deadline under ForceAfter. Also how long a pod that somebody else deletes (an eviction, kubectl delete) may go on with its calls: the longest time here or in overrides is the terminationGracePeriodSeconds of pods made from then on.',
      ),
    propagationSeconds: seconds()
      .default(45)
      .describe(
        'How long after leaving DNS a pod may still be given new calls. Default: the 10 s poll of the Calls plugin, a DNS time-to-live of 30 s and some slack. Not waited for when the RTCCluster is deleted: nobody is left to take them.',
      ),
    sessionlessSeconds: seconds()
      .default(15)
      .describe('How long a draining pod must have had no sessions before it is deleted.'),
    idleCallSeconds: seconds()
      .default(0)
      .describe(
        'With ForceAfter: a pod whose calls nobody could be heard or seen in for this long goes before its deadline. 0 (default): calls are never ended for being quiet.',
      ),
    overrides: mapList(override, 'reason', drainReasons.length)
      .default([])
      .describe(
        'Other rules for single reasons. Built in, unless listed here: NodeDrain ForceAfter 3300, SpotInterruption ForceAfter 90, Deletion ForceAfter 7200.',
      ),
  }),
  drainRules,
);
