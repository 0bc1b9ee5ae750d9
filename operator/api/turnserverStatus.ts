/** `TurnServer.status`: nothing in it is needed to go on, all durable state is on pods and Secrets. */
import { z } from 'zod';
import { maxMembers, memberSchema } from './rtcclusterStatus.ts';
import { atomicList, conditionSchema, mapList } from './shared.ts';

/** The stages of a rotation, in their order; Stable is both ends. */
export const rotationStages = ['Stable', 'Distributing', 'Switching', 'Overlapping'] as const;
/** See `rotationStages`. */
export type RotationStage = (typeof rotationStages)[number];

const count = (): z.ZodNumber => z.int().min(0);
const time = (): z.ZodString => z.string().meta({ format: 'date-time' });
const hash = (): z.ZodString => z.string().max(64);

const secrets = z.object({
  activeHash: hash().describe(
    'Of the secret that credentials are made with: a short digest, never the secret.',
  ),
  accepted: mapList(
    z.object({
      hash: hash().describe('Digest of the secret.'),
      since: time().optional().describe('Since when credentials are made with it.'),
      retireAfter: time().optional().describe('It is retired no earlier than this.'),
    }),
    'hash',
    8,
  ).describe('All secrets whose credentials the servers take.'),
  rotation: z
    .enum(rotationStages)
    .describe(
      'Stable: one secret. Distributing: the servers learn the next one. Switching: each has been seen to take it, issuers get it. Overlapping: the old one is still taken.',
    ),
  waitingFor: atomicList(z.string().max(512), 16)
    .optional()
    .describe('Who is missing before the rotation can go on.'),
});

/** See the file comment. */
export const turnStatusSchema = z.object({
  observedGeneration: z
    .int()
    .min(-1)
    .optional()
    .describe('The generation of the spec all of this was said about; -1 until it was looked at.'),
  desiredPods: count().optional().describe('How many TURN servers are wanted.'),
  replicas: count().optional().describe('All pods we own, the draining ones included.'),
  readyReplicas: count().optional().describe('Pods that are ready.'),
  publishedPods: count().optional().describe('Pods that clients are sent to.'),
  drainingPods: count().optional().describe('Pods that take no new allocations and wait for theirs to end.'),
  updatedPods: count().optional().describe('Pods of the revision that the spec asks for.'),
  currentRevision: z.string().optional().describe('The last revision that every pod was of.'),
  updateRevision: z.string().optional().describe('The revision of the pods that the spec asks for.'),
  selector: z.string().optional().describe('Selects the pods; read through the scale subresource.'),
  uris: atomicList(z.string().max(300), 256)
    .optional()
    .describe('What clients are given, such as turn:turn.example.com:3478?transport=udp.'),
  binding: z
    .object({ name: z.string().describe('Its name.') })
    .optional()
    .describe('The Secret for Mattermost (publish.iceServersSecret).'),
  allocations: z
    .object({
      current: count()
        .optional()
        .describe(
          'Allocations on all pods that told of theirs. Absent: none did, such as a coturn without an exporter.',
        ),
      unknownPods: count().describe('Pods that did not; they count as busy.'),
      observedTime: time()
        .optional()
        .describe('Since when these numbers are so. They are written at most every 10 s.'),
    })
    .optional()
    .describe('Live use, as of the last poll.'),
  secrets: secrets.optional().describe('Where the rotation of the secret stands.'),
  certificate: z
    .object({
      fingerprint: z.string().optional().describe('SHA-256 of the certificate in the Secret.'),
      notAfter: time().optional().describe('When it expires.'),
      loadedOnAllPods: z
        .boolean()
        .describe('True: a handshake with each coturn that runs showed it, those that drain included.'),
    })
    .optional()
    .describe('The certificate of TLS and DTLS.'),
  members: mapList(memberSchema, 'name', maxMembers)
    .optional()
    .describe('The pods one by one, without live counters.'),
  membersTruncated: z.boolean().optional().describe(`True when there are more than ${maxMembers} members.`),
  conditions: mapList(conditionSchema, 'type', 32)
    .optional()
    .describe(
      'Ready, Available, Progressing, Draining, SecretsSynced, CertificateReady, PeersSynced, AddressesResolved, AllocationsObservable, VersionSupported and others; each names the fix when it is wrong.',
    ),
});
