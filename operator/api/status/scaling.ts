/** `status.scaling`: how the number of pods came about. */
import { z } from 'zod';

const count = (): z.ZodNumber => z.int().min(0);
const time = (): z.ZodString => z.string().meta({ format: 'date-time' });

const inputs = z.object({
  sessions: count().describe('Participants in calls.'),
  headroomSessions: count().describe('Room that is kept for this many more.'),
  growthPerMinute: count().describe('Participants more per minute over the last three.'),
  leadSeconds: count().describe('What the last pods took from their creation to DNS.'),
  loadPercent: count().describe('Load by the learnt costs, summed over the pods: two at 50 % are 100.'),
  cpuPercent: count().describe('CPU of the media workers, summed over the pods.'),
  egressMbit: count().describe('What all pods send to clients, in Mbit per second.'),
  pods: count().describe('SFU pods of the cluster.'),
  publishedPods: count().describe('Those of them in DNS.'),
  unknownPods: count().describe('Those whose use was unknown.'),
  eligibleNodes: count().optional().describe('Nodes that could carry a pod.'),
});

/** See the file comment. */
export const scalingStatus = z.object({
  bindingTarget: z
    .string()
    .optional()
    .describe(
      'What decided the number: an entry of scaling.target, largestCallSessions, minPods, schedule, reservation, or replicas.',
    ),
  limitedBy: z
    .string()
    .optional()
    .describe(
      'What keeps the number from what is needed: MaxPods, EligibleNodes, Window, Velocity, MissingMetrics, MinPodAge, Schedule or Reservation. Absent: nothing.',
    ),
  lastScaleTime: time().optional().describe('When the number was changed last.'),
  lastDecision: z
    .object({
      from: count().describe('The number of pods before.'),
      to: count().describe('The number of pods after.'),
      reason: z.string().describe('One CamelCase word.'),
      message: z.string().max(1024).describe('The same for people.'),
      time: time().describe('When it was decided.'),
      dryRun: z.boolean().optional().describe('True: it was only shown.'),
      inputs: inputs.describe('What it was decided from.'),
    })
    .optional()
    .describe('The last change of the number.'),
  nextScheduled: z
    .object({
      time: time().describe('When it begins.'),
      minPods: count().describe('How many pods it asks for.'),
      name: z.string().describe('The schedule or reservation.'),
    })
    .optional()
    .describe('The next of the schedules and reservations.'),
});
