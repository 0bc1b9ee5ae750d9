/** `TurnServer.spec.network.address`: which address of a node clients use. */
import { z } from 'zod';
import { atomicList, withRules } from '../../shared.ts';
import { readSources, readSourcesHelp, sourceKey, sourceName, sourceNameRules } from '../addressSource.ts';

const source = withRules(
  z.object({
    type: z
      .enum(readSources)
      .describe(
        `Where the address comes from. ${readSourcesHelp} The first two hold an IPv4 address without a port.`,
      ),
    name: sourceName('TurnServer', 'rtc.progressnet.gr/turnserver=<name>'),
    key: sourceKey,
  }),
  sourceNameRules,
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
