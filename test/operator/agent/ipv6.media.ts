/** TURN pods with IPv6: the agent beside a real coturn. */
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { TurnClient } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { tryAllocation } from '../../../operator/facts/turn/tryAllocation.ts';
import { ensureCoturn } from '../../setup/coturn.ts';
import { startTurnPod, type TurnPod } from '../../support/turnPod.ts';

let coturnRoot = '';
beforeAll(async () => void (coturnRoot = await ensureCoturn(() => undefined)), 150_000);

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
}, 20_000);

async function podOn(host: string, peers: readonly string[] = []): Promise<TurnPod> {
  const pod = await startTurnPod({ coturnRoot, host, peers });
  opened.push(() => pod.stop());
  return pod;
}

async function clientOf({ server }: TurnPod, host: string): Promise<TurnClient> {
  const credential = restCredential('north', { user: 'alice', ttlSeconds: 60, nowMs: Date.now() });
  const client = await TurnClient.open({ server: { ...server, host }, credential });
  opened.push(() => client.close());
  return client;
}

test('one that has nothing but IPv6 is ready, and is seen to take its secret', async () => {
  const { server } = await podOn('::1');
  expect(await tryAllocation({ server, secret: 'north' })).toEqual({ ok: true });
  expect(await tryAllocation({ server, secret: 'south' })).toMatchObject({ ok: false, code: 401 });
});

test('one of both families relays from either, to allowed peers of it alone', async () => {
  const pod = await podOn('127.0.0.1,::1', ['2001:db8::7', '192.0.2.7']);
  for (const [host, family, allowed, other] of [
    ['127.0.0.1', 'ipv6', '2001:db8::7', '2001:db8::8'],
    ['::1', 'ipv4', '192.0.2.7', '192.0.2.8'],
  ] as const) {
    const client = await clientOf(pod, host);
    const { relayed } = await client.allocate({ family });
    expect(relayed.address).toBe(family === 'ipv6' ? '::1' : '127.0.0.1');
    await client.createPermission(allowed);
    await expect(client.createPermission(other)).rejects.toMatchObject({ code: 403 });
  }
});
