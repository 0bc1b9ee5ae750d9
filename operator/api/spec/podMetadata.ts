/** `spec.podMetadata`: labels and annotations of the pods. */
import { z } from 'zod';

/** See the file comment. */
export const podMetadata = z.object({
  labels: z.record(z.string(), z.string()).default({}).describe('Labels for the SFU pods.'),
  annotations: z.record(z.string(), z.string()).default({}).describe('Annotations for the SFU pods.'),
});
