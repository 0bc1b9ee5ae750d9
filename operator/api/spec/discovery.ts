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

/** A name outside the cluster. */
const external = z.object({
  hostname: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/)
    .describe('The name, such as rtc.example.com. It becomes the host of the URL in the binding Secret.'),
  publisher: z
    .enum(['ExternalDNS', 'Manual'])
    .default('ExternalDNS')
    .describe(
      'Who keeps its A records. ExternalDNS: external-dns, by annotations that the Service and the pods get. Manual: you; a condition says which addresses belong there.',
    ),
  ttlSeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe('Time to live of the records. A drained pod is kept until they have been forgotten.'),
  addresses: z
    .enum(['Advertised', 'NodeInternalIP'])
    .default('Advertised')
    .describe(
      'Which address of a pod the name leads to. Advertised: the first one that clients are told. NodeInternalIP: for a Mattermost in the same network.',
    ),
});

/** See the file comment. */
export const discovery = withRules(
  z.object({
    serviceName: label()
      .optional()
      .describe(
        'The headless Service holding exactly the published pods. Default: <name>-rtcd. Cannot be changed.',
      ),
    external: external
      .optional()
      .describe(
        'A name by which a Mattermost outside the cluster finds the pods. Absent: only Mattermosts inside do, by the Service.',
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
