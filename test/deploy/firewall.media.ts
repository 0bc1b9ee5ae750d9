/** `deploy/firewall/nftables.conf` in a network of its own, knocked at from outside. Needs root. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { ensurePackages } from '../setup/packages.ts';

const rules = join(import.meta.dirname, '../../deploy/firewall/nftables.conf');

/**
 * Two namespaces and a cable. The inner one is the host: it loads the rules and
 * listens on every port that it is given. The outer one sends a word to each
 * and prints those that answer.
 */
const knock = `
set -eu
ip link set lo up
unshare --net sleep 60 & host=$!
while [ "$(readlink /proc/$host/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
ip link add outside type veth peer name inside netns /proc/$host/ns/net
ip addr add 10.77.0.1/24 dev outside && ip link set outside up
on_host="nsenter --net=/proc/$host/ns/net"
$on_host ip addr add 10.77.0.2/24 dev inside && $on_host ip link set inside up
$on_host nft -f "$1"
shift
$on_host "$NODE" "$ENDS" listen "$@" & listener=$!
"$NODE" "$ENDS" knock "$@"
kill $listener $host
`;

test('clients and Mattermost get through, and nobody gets anywhere else', async () => {
  await ensurePackages(['nftables', 'iproute2'], () => undefined);
  const ports = ['22/tcp', '443/tcp', '8443/tcp', '8045/tcp', '8045/udp', '8046/udp', '8444/tcp', '443/udp'];
  const output = execFileSync('unshare', ['--net', 'sh', '-c', knock, 'knock', rules, ...ports], {
    env: { ...process.env, NODE: process.execPath, ENDS: join(import.meta.dirname, 'knock.ts') },
    timeout: 30_000,
  });
  expect(output.toString().trim().split('\n')).toEqual([
    '22/tcp',
    '443/tcp',
    '8443/tcp',
    '8045/tcp',
    '8045/udp',
  ]);
}, 40_000);
