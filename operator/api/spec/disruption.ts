/** `spec.disruption`: how calls are kept from node maintenance. */
import { z } from 'zod';

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
});
