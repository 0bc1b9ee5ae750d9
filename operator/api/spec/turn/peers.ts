/** `TurnServer.spec.peers`: whom the TURN servers relay to. */
import { z } from 'zod';
import { atomicList, type CelRule, objectName, withRules } from '../../shared.ts';

/** Rules over one entry of `spec.peers.allow`. */
export const peerRules: readonly CelRule[] = [
  {
    rule: 'has(self.rtcClusters) != has(self.cidr)',
    message: 'peers.allow: each entry is either rtcClusters or cidr: split an entry that has both into two',
  },
  {
    rule: "!has(self.cidr) || !self.cidr.matches('^0+[.]|^[0:]+(/|$)|/0+$')",
    message:
      'peers.allow: a cidr that begins at 0.0.0.0 or :: opens every address of both families in coturn: name the network, or set peers.default to DenyPrivate or AllowAll',
  },
  {
    rule: "!has(self.cidr) || !self.cidr.matches('^(127[.]|169[.]254[.]|22[4-9][.]|23[0-9][.]|2[45][0-9][.])')",
    message:
      'peers.allow: loopback, link-local (with the metadata service of clouds), multicast and reserved addresses are never relayed to: remove the cidr',
  },
  {
    rule: "!has(self.cidr) || !self.cidr.matches('^([fF][cCdD]|[fF][eE][89a-fA-F]|[fF][fF])')",
    message:
      'peers.allow: coturn refuses IPv6 unique local (fc00::/7), link-local, site-local and multicast addresses whatever is allowed: use the IPv4 or the global IPv6 address of the peer',
  },
  {
    rule: "!has(self.cidr) || !self.cidr.matches('^[0:]+:') || self.cidr.matches('^[0:]+/')",
    message:
      'peers.allow: addresses below ::/16 (loopback, IPv4 written as IPv6) are never relayed to: write the IPv4 address itself',
  },
];

const rtcClusters = z.object({
  matchNames: atomicList(objectName(), 32)
    .min(1)
    .describe('Names of RTCClusters in the namespace of the TurnServer.'),
});

const peer = withRules(
  z.object({
    rtcClusters: rtcClusters
      .optional()
      .describe('The addresses of all SFU pods of these clusters, draining ones included, kept up to date.'),
    cidr: z
      .string()
      .min(2)
      .max(49)
      .regex(
        /^([0-9]{1,3}(\.[0-9]{1,3}){3}(\/([0-9]|[12][0-9]|3[0-2]))?|[0-9a-fA-F]*:[0-9a-fA-F:]*(\/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))?)$/,
      )
      .optional()
      .describe('An IPv4 or IPv6 address, or a network such as 10.20.0.0/16.'),
  }),
  peerRules,
);

/** See the file comment. */
export const turnPeers = z.object({
  default: z
    .enum(['DenyAll', 'DenyPrivate', 'AllowAll'])
    .default('DenyAll')
    .describe(
      'What holds for addresses that allow does not name. DenyAll: refused. DenyPrivate: refused when they are private or otherwise special, for calls between clients. AllowAll: relayed to, also into your own networks; loopback and link-local addresses are refused all the same.',
    ),
  allow: atomicList(peer, 64)
    .default([])
    .describe('Whom the servers relay to besides. A change acts within seconds, without a restart.'),
});
