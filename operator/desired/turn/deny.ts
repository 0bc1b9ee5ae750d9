/**
 * Peers that coturn refuses by its file. Always there and not in its database: while that is locked coturn sees
 * empty lists, and a deny that is lost that way would let everybody through. `a-b`, because a network in the file
 * (`10.0.0.0/8`) ends coturn's start.
 */
import type { TurnServerSpec } from '../../api/turnserver.ts';

const everything = ['0.0.0.0-255.255.255.255', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'] as const;

/** What the IANA registries of special-purpose addresses keep from the Internet, and networks within a cluster. */
const special = [
  '0.0.0.0-0.255.255.255',
  '10.0.0.0-10.255.255.255',
  '100.64.0.0-100.127.255.255',
  '127.0.0.0-127.255.255.255',
  '169.254.0.0-169.254.255.255',
  '172.16.0.0-172.31.255.255',
  '192.0.0.0-192.0.0.255',
  '192.0.2.0-192.0.2.255',
  '192.88.99.0-192.88.99.255',
  '192.168.0.0-192.168.255.255',
  '198.18.0.0-198.19.255.255',
  '198.51.100.0-198.51.100.255',
  '203.0.113.0-203.0.113.255',
  '224.0.0.0-255.255.255.255',
  '::-::ffff:ffff:ffff',
  '64:ff9b::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff',
  '100::-100::ffff:ffff:ffff:ffff',
  '2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  '2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '3fff::-3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
  '5f00::-5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fc00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
] as const;

/** Values of `denied-peer-ip`. What is listed as allowed passes nevertheless. */
export const deniedPeers: Readonly<Record<TurnServerSpec['peers']['default'], readonly string[]>> = {
  DenyAll: everything,
  DenyPrivate: special,
  AllowAll: [],
};
