/** Sections of `TurnServer.spec` about where pods stand and how they go: placement, drain, update, disruption. */
import { z } from 'zod';
import { atomicList, seconds, tolerationSchema } from '../../shared.ts';

/** `spec.placement` of a TurnServer. */
export const turnPlacement = z.object({
  mode: z
    .enum(['Replicas', 'EveryNode'])
    .default('Replicas')
    .describe(
      'Replicas: as many pods as placement.replicas, at most one per node. EveryNode: one on each node that the rest of placement allows; a node that is not ready, or is tainted for a while, keeps the one it has.',
    ),
  replicas: z
    .int()
    .min(0)
    .max(1000)
    .default(2)
    .describe('Number of TURN servers, also through kubectl scale. Not read in mode EveryNode.'),
  nodeSelector: z
    .record(z.string(), z.string())
    .default({})
    .describe('Labels a node must have to carry a TURN server.'),
  tolerations: atomicList(tolerationSchema, 32)
    .default([])
    .describe(
      'Taints that the pods bear. Name their keys: a toleration of every taint also bears a cordon, and then kubectl drain moves no pod.',
    ),
  zoneSpread: z
    .enum(['Required', 'Preferred', 'None'])
    .default('Preferred')
    .describe('Whether pods spread over topology.kubernetes.io/zone.'),
  priorityClassName: z.string().max(253).optional().describe('PriorityClass of the pods.'),
});

/**
 * Seconds until a drain for these reasons ends by force, whatever the policy, unless `timeoutSeconds` is shorter under
 * ForceAfter: GKE gives a drained node one hour, clouds a spot machine two minutes, and a person waits for a deletion.
 */
export const soonestSeconds = { Deletion: 7_200, NodeDrain: 3_300, SpotInterruption: 90 } as const;

const limits = Object.entries(soonestSeconds).map(([reason, limit]) => `${reason} ${limit}`);

/** `spec.drain` of a TurnServer. */
export const turnDrain = z.object({
  policy: z
    .enum(['Wait', 'ForceAfter'])
    .default('ForceAfter')
    .describe(
      `What a drain does with allocations that do not end. ForceAfter: timeoutSeconds after its begin the pod is deleted with them. Wait: it waits for as long as they take. Under both policies a drain for one of these reasons ends so after this many seconds at the latest: ${limits.join(', ')}. coturn cannot take a drain back.`,
    ),
  timeoutSeconds: seconds()
    .min(30)
    .default(14_400)
    .describe(
      'Seconds from the begin of a drain to its deadline under ForceAfter; the limits that drain.policy names hold where they are shorter. Under both policies also the terminationGracePeriodSeconds of the pods: how long one that somebody else deletes may go on with its calls.',
    ),
  minAllocations: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe(
      'A draining server ends when it has no more allocations than this. 0: when the last has ended.',
    ),
});

/** `spec.update` of a TurnServer. */
export const turnUpdate = z.object({
  strategy: z
    .enum(['InPlaceDrain', 'OnDelete'])
    .default('InPlaceDrain')
    .describe(
      'InPlaceDrain: a pod is drained, and a new one takes its node. OnDelete: a pod is renewed when somebody deletes or drains it.',
    ),
  maxUnavailable: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('How many of the pods may be out of service at a time for a rollout.'),
});

/** `spec.disruption` of a TurnServer. */
export const turnDisruption = z.object({
  budget: z
    .enum(['BusyOnly', 'All', 'None'])
    .default('BusyOnly')
    .describe(
      'Which pods a PodDisruptionBudget keeps from eviction. BusyOnly: those that have allocations, or might have. Or all, or none.',
    ),
});
