/** `spec.disruption`: how calls are kept from node maintenance. */
import { z } from 'zod';
import { atomicList } from '../shared.ts';

/** See the file comment. */
export const disruption = z.object({
  budget: z
    .enum(['BusyOnly', 'All', 'None'])
    .default('BusyOnly')
    .describe(
      'Which pods a PodDisruptionBudget keeps from eviction. BusyOnly: those that may have calls, from when a pod is in DNS until it is drained. Or all, or none.',
    ),
  autoscalerHints: z
    .enum(['Auto', 'Off'])
    .default('Auto')
    .describe('Auto: the same pods carry the annotations that cluster-autoscaler and Karpenter obey.'),
  replaceBeforeNodeDrain: z
    .boolean()
    .default(true)
    .describe(
      'True: a pod whose node is drained stays in DNS until another serves in its place, if there is a node for one. False: it leaves DNS at once. The notice of a spot machine is never waited with.',
    ),
  drainTaints: atomicList(z.string().min(1).max(316), 32)
    .default([])
    .describe(
      'Keys of the taints that say that a node is to be emptied. Empty: those of kubectl, cluster-autoscaler, Karpenter, and of AWS, GKE and AKS for maintenance and spot machines. Taints that placement.tolerations bear, and soft ones (PreferNoSchedule), never empty a node.',
    ),
});
