/** `TurnServer.spec.network.address`: which address of a node clients use. */
import { z } from 'zod';
import { atomicList, type CelRule, objectName, withRules } from '../../shared.ts';

/** Rules over one entry of `sources` of a TurnServer. */
export const turnSourceRules: readonly CelRule[] = [
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

const source = withRules(
  z.object({
    type: z
      .enum(['ConfigMap', 'NodeAnnotation', 'NodeExternalIP', 'NodeInternalIP'])
      .describe(
        'Where the address comes from. ConfigMap: its key of the node’s name. NodeAnnotation: that of the node. NodeExternalIP, NodeInternalIP: the first IPv4 address of this type in the status of the node. The first two hold an IPv4 address without a port.',
      ),
    name: objectName()
      .optional()
      .describe(
        'With type ConfigMap: its name, in the namespace of the TurnServer. Label it rtc.progressnet.gr/turnserver=<name>, or it is not seen.',
      ),
    key: z
      .string()
      .min(1)
      .max(316)
      .optional()
      .describe('With type NodeAnnotation: the key of the annotation.'),
  }),
  turnSourceRules,
);

/** See the file comment. */
export const turnAddress = z.object({
  sources: atomicList(source, 8)
    .min(1)
    .default([{ type: 'NodeExternalIP' }, { type: 'NodeInternalIP' }])
    .describe('Tried in order for each node; the first hit is the address of the TURN server there.'),
  require: z
    .enum(['Any', 'Public'])
    .default('Any')
    .describe(
      'Public: a pod without a public address is not published. Any: it is, and a condition says so.',
    ),
});
