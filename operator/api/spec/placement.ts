/** `spec.placement`: which nodes carry SFU pods. */
import { z } from 'zod';
import { atomicList, tolerationSchema } from '../shared.ts';

/** See the file comment. */
export const placement = z.object({
  nodeSelector: z
    .record(z.string(), z.string())
    .default({})
    .describe('Labels a node must have to carry an SFU pod. There is at most one pod of a cluster per node.'),
  tolerations: atomicList(tolerationSchema, 32)
    .default([])
    .describe(
      'Taints that SFU pods bear. Name their keys: a toleration of every taint also bears a cordon, and then kubectl drain moves no pod.',
    ),
  zoneSpread: z
    .enum(['Required', 'Preferred', 'None'])
    .default('Preferred')
    .describe('Whether pods spread over topology.kubernetes.io/zone.'),
  priorityClassName: z.string().max(253).optional().describe('PriorityClass of the SFU pods.'),
});
