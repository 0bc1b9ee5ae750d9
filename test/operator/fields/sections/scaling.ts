/** `spec.replicas` and `spec.scaling`: how many pods. */
import type { Section } from '../entry.ts';

/** See the file comment. */
export const scaling: Section = {
  replicas: { set: { replicas: 3 } },
  'scaling.mode': 'one value',
};
