/** The pod as it is built, on a real node: both images, the kubelet's probes and hooks, files as the kubelet brings them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { turnNames } from '../../../operator/desired/turn/names.ts';
import { turnPod } from '../../../operator/desired/turn/pod.ts';
import { turnConfigMap } from '../../../operator/desired/turn/settings.ts';
import { basic } from '../../../operator/facts/client.ts';
import { TurnClient } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { tryAllocation } from '../../../operator/facts/turn/tryAllocation.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { coturnImage, coturnVersion } from '../../setup/coturn.ts';
import { buildImages } from '../../setup/images.ts';
import { eventually } from '../../support/eventually.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const quiet = (): void => undefined;
const waiting = { timeoutMs: 60_000, intervalMs: 250 };
const adminKey = 'admin-key-of-the-test';
let cluster: Cluster;
let address = '';

beforeAll(async () => {
  const coturn = await coturnImage(quiet);
  const { operator } = await buildImages({ say: quiet });
  cluster = await startCluster({ nodes: 1, images: [coturn.tar, operator.tar] });
  address = cluster.nodes[0]?.address ?? '';
  const server = aTurnServer({ image: coturn.ref, drain: { timeoutSeconds: 120 } }, { namespace: 'default' });
  const own = <T extends object>(object: T): T => ({ ...object, metadata: unowned(object) });
  await apply(
    own(turnConfigMap(server)),
    secret(turnNames.agentSecret(server), { adminKey }),
    secret(turnNames.authSecret(server), { secret: 'north' }),
    own(turnPod(server, 0, { operatorsImage: operator.ref, revision: 'r' })),
  );
}, 600_000);
afterAll(() => cluster.stop(), 60_000);

/** There is no TurnServer whose children they could be: the garbage collector would take them. */
function unowned(object: object): object {
  const { metadata } = object as { metadata: Record<string, unknown> };
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'ownerReferences'));
}

function secret(name: string, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' }, stringData };
}

async function apply(...items: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await cluster.kubectlWithInput(list, 'apply', '--server-side', '-f', '-');
}

const annotate = (...pairs: readonly string[]): Promise<unknown> =>
  cluster.kubectl('annotate', 'pod', 'edge-turn-0', '--overwrite', ...pairs);

async function status(): Promise<Record<string, unknown>> {
  const headers = { authorization: basic(adminKey) };
  const signal = AbortSignal.timeout(2_000);
  const response = await fetch(`http://${address}:8446/status`, { headers, signal });
  return (await response.json()) as Record<string, unknown>;
}

async function isReady(): Promise<string | undefined> {
  const path =
    'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.containerStatuses[0].state}';
  const text = await cluster.kubectl('get', 'pod', 'edge-turn-0', '-o', path);
  return text.startsWith('True') ? undefined : text;
}

test('waits for its address, serves, takes a new secret within seconds, and drains when it is deleted', async () => {
  await eventually(async () => {
    const answer = await fetch(`http://${address}:8446/startupz`, { signal: AbortSignal.timeout(1_000) });
    const text = await answer.text();
    return text.startsWith('address:') ? undefined : text;
  }, waiting);
  await annotate(`rtc.progressnet.gr/address=${address}`);
  await eventually(isReady, waiting);
  for (const transport of ['udp', 'tcp'] as const)
    expect(
      await tryAllocation({ server: { host: address, port: 3478, transport }, secret: 'north' }),
    ).toEqual({
      ok: true,
    });
  expect(await status()).toMatchObject({ version: coturnVersion, secrets: [secretHash('north')] });

  await apply(secret('edge-turn', { secret: 'north', next: 'south' }));
  await annotate('rtc.progressnet.gr/turn-data=changed');
  await eventually(async () => {
    const { secrets } = await status();
    return JSON.stringify(secrets) === JSON.stringify([secretHash('north'), secretHash('south')])
      ? undefined
      : JSON.stringify(secrets);
  }, waiting);

  const server = { host: address, port: 3478, transport: 'udp' } as const;
  const credential = restCredential('south', { user: 'caller', ttlSeconds: 60, nowMs: Date.now() });
  const caller = await TurnClient.open({ server, credential });
  await caller.allocate();
  const deleted = cluster.kubectl('delete', 'pod', 'edge-turn-0', '--timeout=100s');
  await eventually(async () => {
    const result = await tryAllocation({ server, secret: 'north' });
    return !result.ok && result.code === 403 ? undefined : JSON.stringify(result);
  }, waiting);
  expect(await caller.refresh(900)).toBe(900);
  expect(await caller.refresh(0)).toBe(0);
  caller.close();
  await deleted;
}, 240_000);
