/** What both of our kinds say of the sources of an address: `spec.network.address.sources`. */
import { z } from 'zod';
import { type CelRule, objectName } from '../shared.ts';

/** Rules over one entry. */
export const sourceNameRules: readonly CelRule[] = [
  {
    rule: "(self.type == 'ConfigMap') == has(self.name)",
    message:
      'network.address.sources: type ConfigMap needs name, and no other type has one: set name to the ConfigMap with one key per node',
  },
  {
    rule: "(self.type == 'NodeAnnotation') == has(self.key)",
    message:
      'network.address.sources: type NodeAnnotation needs key, and no other type has one: set key, for example to rtc.progressnet.gr/public-address',
  },
];

/** Sources that are read from the API; the first two hold what people wrote. */
export const readSources = ['ConfigMap', 'NodeAnnotation', 'NodeExternalIP', 'NodeInternalIP'] as const;

/** What each of `readSources` is. */
export const readSourcesHelp =
  'ConfigMap: its key of the node’s name. NodeAnnotation: that of the node. NodeExternalIP, NodeInternalIP: the first IPv4 address of this type in the status of the node.';

/** `owner` as people say it, `label` without which the ConfigMap is not seen. */
export function sourceName(owner: string, label: string): z.ZodOptional<z.ZodString> {
  return objectName()
    .optional()
    .describe(
      `With type ConfigMap: its name, in the namespace of the ${owner}. Label it ${label}, or it is not seen.`,
    );
}

/** Of an annotation of the node. */
export const sourceKey = z
  .string()
  .min(1)
  .max(316)
  .optional()
  .describe('With type NodeAnnotation: the key of the annotation.');
