/** `spec.scaling`: who decides the number of pods, and how. */
import { z } from 'zod';
import { withRules } from '../shared.ts';
import { behavior } from './scaling/behavior.ts';
import { headroom, target } from './scaling/need.ts';
import { reservations, schedules } from './scaling/plans.ts';
import { scalingRules } from './scaling/rules.ts';

const pods = (): z.ZodNumber => z.int().min(1).max(1000);

const metrics = z.object({
  periodSeconds: z
    .int()
    .min(5)
    .max(300)
    .default(10)
    .describe(
      'How often the number of pods is decided anew, in seconds. Default 10, as often as the pods are asked; what they answer is looked at as it comes.',
    ),
  staleAfterSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(30)
    .describe('From this age on, in seconds, the last answer of a pod counts as unknown. Default 30.'),
  onMissing: z
    .enum(['Hold', 'AssumeFull'])
    .default('Hold')
    .describe(
      'While the sessions of a pod are unknown nothing is scaled down. Hold (default): it counts with its last answer. AssumeFull: it counts as full, which may add pods.',
    ),
});

/** See the file comment. */
export const scaling = withRules(
  z.object({
    mode: z
      .enum(['Auto', 'Manual', 'External'])
      .default('Manual')
      .describe(
        'Who decides the number of pods. Manual (default): spec.replicas, also through kubectl scale. External: spec.replicas too, written by an HPA or KEDA. Auto: the operator, from the sessions and the load; spec.replicas must be absent, and the number stands in status.desiredPods.',
      ),
    minPods: pods()
      .default(2)
      .describe('Auto: never fewer serving pods than this. Default 2: one can be lost. 1 on a single node.'),
    maxPods: pods().default(20).describe('Auto: never more serving pods than this. Default 20.'),
    target: target
      .default({ loadPercent: 70, cpuPercent: 70 })
      .describe(
        'What one pod is to carry. Each entry present is a demand of its own, and the one that needs most pods decides. Default: loadPercent 70 and cpuPercent 70.',
      ),
    headroom: headroom.prefault({}).describe('Free capacity that is kept on top of the present demand.'),
    behavior: behavior.prefault({}).describe('How fast, and how steadily, the number follows the demand.'),
    schedules,
    reservations,
    metrics: metrics.prefault({}).describe('How the answers of the pods are used.'),
    dryRun: z
      .boolean()
      .default(false)
      .describe(
        'Auto: decisions are shown in status, events and metrics, and not acted upon. Default false.',
      ),
  }),
  scalingRules,
);
