/** `spec.disruption`: how calls are kept from node maintenance. */
import { z } from 'zod';

/** See the file comment. */
export const disruption = z.object({
  budget: z
    .enum(['BusyOnly', 'All', 'None'])
    .default('BusyOnly')
    .describe('Which pods a PodDisruptionBudget keeps from eviction: those with calls, all, or none.'),
  autoscalerHints: z
    .enum(['Auto', 'Off'])
    .default('Auto')
    .describe('Auto: pods with calls carry the annotations that cluster-autoscaler and Karpenter obey.'),
});
