/** `RTCCluster.status`: nothing in it is needed to go on, all durable state is on the pods. */
import { z } from 'zod';
import { drainReasons } from './spec/drain.ts';
import { conditionSchema, mapList } from './shared.ts';
import { scalingStatus } from './status/scaling.ts';

/** Every state a member can be in, in the order a healthy one passes through them. */
export const memberStates = [
  'Pending',
  'Starting',
  'Gated',
  'Published',
  'Cordoned',
  'Draining',
  'Failed',
] as const;

/** Entries beyond this are left out of `status.members`. */
export const maxMembers = 256;

/** One entry of `status.members`. */
export const memberSchema = z.object({
  name: z.string().describe('The pod.'),
  node: z.string().optional().describe('The node it runs on.'),
  zone: z.string().optional().describe('The zone of that node, by its label topology.kubernetes.io/zone.'),
  address: z.string().optional().describe('What it advertises to clients, the public address first.'),
  revision: z.string().optional().describe('The revision of the pod template it was made from.'),
  state: z
    .enum(memberStates)
    .describe('Pending, Starting, Gated, Published, Cordoned, Draining or Failed. Only Published is in DNS.'),
  reason: z.string().optional().describe('One CamelCase word: why it is in this state.'),
  message: z.string().max(1024).optional().describe('The same for people.'),
  drain: z
    .enum(drainReasons)
    .optional()
    .describe('Why it is being emptied: the reason with the earliest deadline.'),
  deadline: z
    .string()
    .meta({ format: 'date-time' })
    .optional()
    .describe('When it goes with the calls that it still has. Absent: it waits for them.'),
  since: z.string().meta({ format: 'date-time' }).describe('When it entered this state.'),
});

const count = (): z.ZodNumber => z.int().min(0);

/** See the file comment. */
export const statusSchema = z.object({
  observedGeneration: z
    .int()
    .min(-1)
    .optional()
    .describe('The generation of the spec all of this was said about; -1 until it was looked at.'),
  desiredPods: count().optional().describe('How many serving SFU pods are wanted now.'),
  replicas: count().optional().describe('All SFU pods we own, the draining ones included.'),
  selector: z.string().optional().describe('Selects the SFU pods; read through the scale subresource.'),
  publishedPods: count().optional().describe('SFU pods that Mattermost finds in DNS.'),
  drainingPods: count().optional().describe('SFU pods that take no new calls and wait for theirs to end.'),
  updatedPods: count().optional().describe('SFU pods of the revision that the spec asks for.'),
  currentRevision: z
    .string()
    .optional()
    .describe('The last revision that every pod was of; a rollback returns to it.'),
  updateRevision: z.string().optional().describe('The revision of the pods that the spec asks for.'),
  sessions: z
    .object({
      current: count().describe('Participants in calls over all SFU pods that answered.'),
      capacity: count()
        .optional()
        .describe('Participants that the pods in DNS can carry by scaling.target, about.'),
      headroom: count().optional().describe('capacity less current, at least 0.'),
      observedTime: z
        .string()
        .meta({ format: 'date-time' })
        .optional()
        .describe('Since when these numbers are so. They are written at most every 10 s.'),
      stalePods: count().describe('SFU pods whose sessions are unknown right now; none of them is deleted.'),
    })
    .optional()
    .describe('Live use, as of the last poll.'),
  scaling: scalingStatus.optional().describe('How the number of pods came about.'),
  members: mapList(memberSchema, 'name', maxMembers)
    .optional()
    .describe('The SFU pods one by one, without live counters.'),
  membersTruncated: z.boolean().optional().describe(`True when there are more than ${maxMembers} members.`),
  conditions: mapList(conditionSchema, 'type', 32)
    .optional()
    .describe(
      'Ready, Available, Progressing, Draining, EndpointsPublished, AddressesResolved, NodesSufficient, ScalingActive, ScalingLimited, CapacitySufficient, CredentialsSynced, CertificateReady, ExternalNameResolves, APIExposureSafe, PodSecurityCompatible and others; each names the fix when it is wrong.',
    ),
});
