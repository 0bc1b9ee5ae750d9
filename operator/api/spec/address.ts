/** `spec.network.address`: which addresses clients are told. */
import { z } from 'zod';
import { atomicList } from '../shared.ts';

const addressSource = z.object({
  type: z
    .enum(['NodeExternalIP', 'NodeInternalIP'])
    .describe('Where the address comes from: the node status entry of this type.'),
});

/** See the file comment. */
export const address = z.object({
  sources: atomicList(addressSource, 8)
    .min(1)
    .default([{ type: 'NodeExternalIP' }, { type: 'NodeInternalIP' }])
    .describe('Tried in order for each node; the first hit is the address clients are told.'),
  advertise: z
    .enum(['ExternalAndInternal', 'External', 'Internal'])
    .default('ExternalAndInternal')
    .describe('External: only the address found. Internal: only the internal address of the node. Or both.'),
  require: z
    .enum(['Any', 'Public'])
    .default('Any')
    .describe(
      'Public: pods without a public address are not published. Any: they are, and a condition says so.',
    ),
});
