/** `spec.engine`: what the pods run. */
import { z } from 'zod';
import { atomicList, type CelRule, objectName, withRules } from '../shared.ts';

/** Rules over `spec.engine`. */
export const engineRules: readonly CelRule[] = [
  {
    rule: "self.type != 'Rtcd' || has(self.image)",
    message: 'engine.type Rtcd needs engine.image: set it to mattermost/rtcd and a version, such as v1.2.6',
  },
  {
    rule: "self.type != 'Rtcd' || self.workers == 1",
    message: 'engine.type Rtcd is one process on one media port: set engine.workers to 1',
  },
];

/** See the file comment. */
export const engine = withRules(
  z.object({
    type: z
      .enum(['Mediasoup', 'Rtcd'])
      .default('Mediasoup')
      .describe(
        'The media server that the pods run. Mediasoup: our SFU. Rtcd: the stock rtcd of Mattermost, which needs image; the condition EngineLimited names what it lacks.',
      ),
    image: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe(
        "Image of the SFU pods. Absent: the operator's own (chart value sfu.image) of when the cluster was made; an upgrade of the operator does not change it, see the condition ImageCurrent.",
      ),
    imagePullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .default('IfNotPresent')
      .describe('When the node pulls the image.'),
    imagePullSecrets: atomicList(z.object({ name: objectName().describe('Name of the Secret.') }), 8)
      .optional()
      .describe('Secrets with registry credentials, in the namespace of the cluster.'),
    minimumVersion: z
      .string()
      .max(64)
      .regex(/^[0-9]+\.[0-9]+\.[0-9]+$/)
      .default('0.17.0')
      .describe(
        'A pod that reports a lower version is not published. Default: what the Calls plugin demands.',
      ),
    workers: z
      .int()
      .min(1)
      .max(32)
      .default(1)
      .describe('Media workers per pod, one core each. Worker i listens on the media ports plus i.'),
  }),
  engineRules,
);
