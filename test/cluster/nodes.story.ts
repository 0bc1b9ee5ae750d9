/** Three real nodes: what the operator and the SFU rely on, seen from inside and from the machine. */
import { spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './options.ts';
import { headlessService, sleeper, webServer } from './pods.ts';
import { machineState, tracesOf } from './traces.ts';

const port = 8443;
const before = machineState();
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3, failover: 'quick' });
  await apply(
    headlessService('web', port),
    webServer('web-1', { node: 'n1', port }),
    webServer('web-2', { node: 'n2', port }),
  );
  await apply(sleeper('sleeper'), webServer('own-address', { node: 'n3', port, hostNetwork: false }));
  await cluster.kubectl('wait', '--for=condition=Ready', 'pods', '--all', '--timeout=60s');
}, 180_000);
afterAll(() => cluster.stop(), 60_000);

async function apply(...objects: readonly object[]): Promise<void> {
  await cluster.kubectlWithInput(
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    'apply',
    '-f',
    '-',
  );
}

function addressOf(node: string): string {
  return cluster.nodes.find(({ name }) => name === node)?.address ?? '';
}

async function page(address: string, path: string): Promise<string> {
  const answer = await fetch(`http://${address}:${port}/${path}`, { signal: AbortSignal.timeout(2000) });
  return (await answer.text()).trim();
}

async function resolve(name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([cluster.dnsServer]);
  return (await resolver.resolve4(name)).sort();
}

async function answers(...expected: readonly string[]): Promise<string | undefined> {
  const addresses = await resolve('web.default.svc.cluster.local');
  return addresses.join() === expected.join() ? undefined : `DNS answers ${addresses.join()}`;
}

async function isReady(node: string, status: string): Promise<string | undefined> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const found = await cluster.kubectl('get', 'node', node, '-o', path);
  return found === status ? undefined : `Ready of ${node} is ${found}`;
}

test('pods of two nodes listen on the same port of their nodes, and the machine reaches both', async () => {
  expect([await page(addressOf('n1'), 'name'), await page(addressOf('n2'), 'name')]).toEqual([
    'web-1',
    'web-2',
  ]);
  expect(await page(addressOf('n1'), 'host')).toBe('n1');
});

test('the headless Service answers the machine with the nodes’ addresses', async () => {
  await eventually(() => answers(addressOf('n1'), addressOf('n2')));
});

test('pods find each other and the API by name', async () => {
  const lookedUp = await cluster.kubectl(
    'exec',
    'sleeper',
    '--',
    'nslookup',
    'web.default.svc.cluster.local',
  );
  expect(lookedUp).toContain(addressOf('n1'));
  const fetched = await cluster.kubectl('exec', 'sleeper', '--', 'wget', '-qO-', `http://web:${port}/name`);
  expect(fetched.trim()).toMatch(/^web-[12]$/);
  const version = ['wget', '-qO-', '--no-check-certificate', 'https://kubernetes.default/version'];
  expect(await cluster.kubectl('exec', 'sleeper', '--', ...version)).toContain('v1.34.4');
});

test('exec and logs work, and a container has no more than its rights and limits', async () => {
  expect(await cluster.kubectl('exec', 'sleeper', '--', 'id', '-u')).toBe('65532\n');
  await expect(cluster.kubectl('exec', 'sleeper', '--', 'touch', '/file')).rejects.toThrow('Read-only');
  await expect(cluster.kubectl('logs', 'sleeper')).resolves.toBe('');
});

test('a pod with an address of its own is reached by the machine and by a port-forward', async () => {
  const address = await cluster.kubectl('get', 'pod', 'own-address', '-o', 'jsonpath={.status.podIP}');
  expect(address).toMatch(/^10\.1\d\d\.[123]\./);
  expect(await page(address, 'name')).toBe('own-address');
  const forward = spawn(
    cluster.kubectlPath,
    [`--kubeconfig=${cluster.kubeconfig}`, 'port-forward', 'pod/own-address', `:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(forward.stdout, 'data')) as [Buffer];
  const local = /127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1];
  const answer = await fetch(`http://127.0.0.1:${local ?? 0}/name`, { headers: { connection: 'close' } });
  expect((await answer.text()).trim()).toBe('own-address');
  forward.kill();
  await once(forward, 'close');
});

test('DNS answers on while the control plane is down', async () => {
  await cluster.powerOff('control-plane');
  expect(await answers(addressOf('n1'), addressOf('n2'))).toBeUndefined();
  expect(await page(addressOf('n2'), 'name')).toBe('web-2');
  await cluster.powerOn('control-plane');
  await cluster.kubectl('get', 'pods');
}, 60_000);

test('a node whose cable is pulled is NotReady and leaves DNS, and comes back when it is plugged in', async () => {
  await cluster.cutOff('n2');
  await eventually(() => isReady('n2', 'Unknown'), { timeoutMs: 40_000 });
  await eventually(() => answers(addressOf('n1')), { timeoutMs: 20_000 });
  await expect(page(addressOf('n2'), 'name')).rejects.toThrow();
  await cluster.reconnect('n2');
  await eventually(() => isReady('n2', 'True'), { timeoutMs: 40_000 });
}, 120_000);

test('a node that lost its power is NotReady; with power again it is back with its pods', async () => {
  await cluster.powerOff('n1');
  await expect(page(addressOf('n1'), 'name')).rejects.toThrow();
  await eventually(() => isReady('n1', 'Unknown'), { timeoutMs: 40_000 });
  await cluster.powerOn('n1');
  await eventually(() => isReady('n1', 'True'), { timeoutMs: 40_000 });
  await apply(webServer('web-3', { node: 'n1', port: port + 1 }));
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/web-3', '--timeout=30s');
}, 120_000);

test('no program has ended that should run, and after the stop nothing is left', async () => {
  expect(cluster.failures).toEqual([]);
  const during = tracesOf(cluster.name);
  for (const kind of ['namespaces', 'links', 'cgroups', 'processes', 'files'])
    expect([kind, during[kind]?.length]).not.toEqual([kind, 0]);
  await cluster.stop();
  expect(Object.values(tracesOf(cluster.name)).flat()).toEqual([]);
  expect(machineState()).toEqual(before);
}, 60_000);
