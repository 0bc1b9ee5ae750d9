/** `spec.scaling.target` and `headroom`: what one pod is to carry, and what is kept free. */
import { z } from 'zod';

const percent = (): z.ZodNumber => z.int().min(1).max(100);
const sessions = (): z.ZodNumber => z.int().min(0).max(100_000);

/** See the file comment. */
export const target = z.object({
  sessionsPerPod: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'People in calls on one pod. Absent: sessions alone do not decide. 200 to 300 per media worker is usual.',
    ),
  loadPercent: percent()
    .optional()
    .describe(
      'Load by what the sessions and tracks on a pod cost, as learnt from the CPU they use; it rises at once when people join, and does not swing with who speaks. Percent of the cores of its media workers.',
    ),
  cpuPercent: percent()
    .optional()
    .describe(
      'CPU that the media workers of a pod use or wait for (`load` in its /stats), over half a minute. Percent of their cores; what the rest of the pod needs for signaling is not in it.',
    ),
  egressMbitPerPod: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'What one pod sends to clients, in Mbit per second: for nodes whose uplink ends before their CPU.',
    ),
});

/** See the file comment. */
export const headroom = z.object({
  sessions: sessions()
    .default(0)
    .describe('At least room for this many more people. Needs target.sessionsPerPod. Default 0.'),
  percent: z
    .int()
    .min(0)
    .max(500)
    .default(20)
    .describe('At least this much more than the present demand, in percent of it. Default 20.'),
  largestCallSessions: sessions()
    .default(0)
    .describe(
      'One pod must have room for a whole call of this many people, since a call cannot be spread over pods. Needs target.sessionsPerPod. Default 0: off.',
    ),
  leadTime: z
    .enum(['Measured', 'Off'])
    .default('Measured')
    .describe(
      'Measured (default): room for those who will have come, at the present growth, by the time a pod that is made now is in DNS; as long as the pods of this cluster took, at most doubling the demand. "Off", in quotes: not.',
    ),
});
