/** `spec.network.address`: which addresses clients are told. */
import { z } from 'zod';
import { atomicList, type CelRule, withRules } from '../shared.ts';
import { readSources, readSourcesHelp, sourceKey, sourceName, sourceNameRules } from './addressSource.ts';

/** Rules over one entry of `sources`. */
export const sourceRules: readonly CelRule[] = [
  ...sourceNameRules,
  {
    rule: "(self.type == 'STUN') == has(self.urls)",
    message:
      'network.address.sources: type STUN needs urls, and no other type has them: set urls to one or more like stun:stun.example.com:3478',
  },
];

const addressSource = withRules(
  z.object({
    type: z
      .enum([...readSources, 'STUN'])
      .describe(
        `Where the address comes from. ${readSourcesHelp} STUN: what a STUN server sees the node as; the SFU asks it, once a minute. The first two hold an IPv4 address, or address:port where a port is forwarded under another number.`,
      ),
    name: sourceName('cluster', 'rtc.progressnet.gr/cluster=<cluster>'),
    urls: atomicList(
      z
        .string()
        .max(300)
        .regex(/^stun:[^ ]+$/),
      4,
    )
      .min(1)
      .optional()
      .describe('With type STUN: the servers, asked in this order until one answers.'),
    key: sourceKey,
  }),
  sourceRules,
);

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
  verify: z
    .enum(['Off', 'Advisory', 'Gate'])
    .default('Advisory')
    .describe(
      'Idle pods are called at the advertised addresses over every media port, once a minute, by an SFU on another node where there is one. Advisory (default): the condition AddressesReachable says what came of it. Gate: pods that are not reached are not in DNS; not every router lets nodes call their own public addresses. "Off", in quotes: nobody calls them.',
    ),
});
