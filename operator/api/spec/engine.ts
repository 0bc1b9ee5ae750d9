/** `spec.engine`: what the pods run. */
import { z } from 'zod';
import { atomicList, objectName } from '../shared.ts';

/** See the file comment. */
export const engine = z.object({
  type: z.enum(['Mediasoup']).default('Mediasoup').describe('The media server that the pods run.'),
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
  imagePullSecrets: atomicList(z.object({ name: objectName() }), 8)
    .optional()
    .describe('Secrets with registry credentials, in the namespace of the cluster.'),
  minimumVersion: z
    .string()
    .max(64)
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+$/)
    .default('0.17.0')
    .describe('A pod that reports a lower version is not published. Default: what the Calls plugin demands.'),
  workers: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe('Media workers per pod, one core each. Worker i listens on the media ports plus i.'),
});
