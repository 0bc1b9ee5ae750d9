/** `spec.discovery`: how Mattermost finds the pods. */
import { z } from 'zod';
import { type CelRule, label, withRules } from '../shared.ts';

/** Rules over `spec.discovery`. */
export const discoveryRules: readonly CelRule[] = [
  {
    rule: 'has(self.serviceName) == has(oldSelf.serviceName) && (!has(self.serviceName) || self.serviceName == oldSelf.serviceName)',
    message:
      'discovery.serviceName cannot be changed, because Mattermost is configured with it: create a second RTCCluster and move Mattermost over',
  },
];

/** See the file comment. */
export const discovery = withRules(
  z.object({
    serviceName: label()
      .optional()
      .describe(
        'The headless Service holding exactly the published pods. Default: <name>-rtcd. Cannot be changed.',
      ),
    minPublished: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .describe(
        'A drain never leaves fewer published pods than this. Mattermost ignores drains when its DNS name is empty, hence at least 1.',
      ),
  }),
  discoveryRules,
);
