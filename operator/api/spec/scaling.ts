/** `spec.scaling`: who decides the number of pods. */
import { z } from 'zod';

/** See the file comment. */
export const scaling = z.object({
  mode: z
    .enum(['Manual'])
    .default('Manual')
    .describe('Who decides the number of pods. Manual: spec.replicas, also through kubectl scale.'),
});
