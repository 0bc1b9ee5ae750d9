/** The agent beside a real coturn: what is mounted acts without a restart, and coturn is told what it must be told. */
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TurnClient } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { tryAllocation } from '../../../operator/facts/turn/tryAllocation.ts';
import { peersDigest } from '../../../operator/turn/peers.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { coturnVersion, ensureCoturn } from '../../setup/coturn.ts';
import { writeCertificate } from '../../support/certificate.ts';
import { eventually } from '../../support/eventually.ts';
import { everyLog, run, startTurnPod, type TurnPod, type TurnPodOptions } from '../../support/turnPod.ts';

let coturnRoot = '';
beforeAll(async () => void (coturnRoot = await ensureCoturn(() => undefined)), 150_000);

const pods: TurnPod[] = [];
const clients: TurnClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await Promise.all(pods.splice(0).map((pod) => pod.stop()));
}, 20_000);

async function started(options: Partial<TurnPodOptions> = {}): Promise<TurnPod> {
  const pod = await startTurnPod({ coturnRoot, ...options });
  pods.push(pod);
  return pod;
}

async function allocated(pod: TurnPod, secret: string, user = 'alice'): Promise<TurnClient> {
  const credential = restCredential(secret, { user, ttlSeconds: 60, nowMs: Date.now() });
  const client = await TurnClient.open({ server: pod.server, credential });
  clients.push(client);
  await client.allocate();
  return client;
}

/** Undefined when it is as wanted: taken, or refused with 401. Each time another user: quotas count by it. */
async function notYet(
  pod: TurnPod,
  secret: string,
  wanted: 'taken' | 'refused',
): Promise<string | undefined> {
  const result = await tryAllocation({ server: pod.server, secret, user: randomUUID() });
  const isSo = wanted === 'taken' ? result.ok : !result.ok && result.code === 401;
  return isSo ? undefined : `${secret} is not ${wanted}: ${JSON.stringify(result)}`;
}

describe('a TURN pod', () => {
  test('takes new secrets and drops old ones while it runs, and tells which by their hashes only', async () => {
    const pod = await started();
    expect(await notYet(pod, 'north', 'taken')).toBeUndefined();
    await pod.mount('secrets/next', 'south');
    await eventually(() => notYet(pod, 'south', 'taken'));
    expect(await notYet(pod, 'north', 'taken')).toBeUndefined();
    const kept = await allocated(pod, 'north');
    await pod.mount('secrets/secret', 'south');
    await pod.mount('secrets/next', '');
    await eventually(() => notYet(pod, 'north', 'refused'));
    expect(await kept.refresh(900)).toBe(900);
    expect(await pod.status()).toEqual({
      version: coturnVersion,
      draining: false,
      ended: false,
      allocations: null,
      secrets: [secretHash('south')],
      peersDigest: peersDigest([]),
      certificate: null,
    });
    expect(await everyLog(pod)).not.toMatch(/north|south/);
  });

  test('answers nobody without the key but the kubelet', async () => {
    const pod = await started();
    for (const path of ['/status', '/metrics'])
      expect((await pod.ask(path, 'GET', 'guessed')).status).toBe(401);
    expect((await pod.ask('/drain', 'POST', 'guessed')).status).toBe(401);
    expect((await pod.ask('/readyz', 'GET', 'guessed')).status).toBe(200);
    expect(await pod.ask('/metrics')).toMatchObject({ status: 503 });
    expect((await pod.status()).draining).toBe(false);
  });

  test('starts no coturn before it knows its address, and says what it waits for', async () => {
    const pod = await startTurnPod({ coturnRoot, address: '', hasTls: true });
    pods.push(pod);
    await eventually(async () => {
      const { status, text } = await pod.ask('/startupz');
      return status === 503 && text.startsWith('address:') ? undefined : text;
    });
    await pod.mount('pod/address', '127.0.0.1');
    await eventually(async () => {
      const { text } = await pod.ask('/startupz');
      return text.startsWith('tls.crt: is not in the Secret') ? undefined : text;
    });
  });

  test('drains for good: no new allocation, the old one goes on, a new agent knows, and coturn ends with 0', async () => {
    const pod = await started();
    const kept = await allocated(pod, 'north');
    expect(await pod.ask('/drain', 'POST')).toEqual({ status: 200, text: '{"draining":true}' });
    await eventually(async () => {
      const result = await tryAllocation({ server: pod.server, secret: 'north' });
      return !result.ok && result.code === 403 ? undefined : JSON.stringify(result);
    });
    expect((await pod.ask('/readyz')).status).toBe(200);
    expect(await kept.refresh(900)).toBe(900);
    await pod.stopAgent();
    pod.startAgent();
    await eventually(async () => ((await pod.status()).draining ? undefined : 'the drain is forgotten'));
    expect(await kept.refresh(0)).toBe(0);
    expect(await pod.coturn.ended).toBe(0);
    expect(await pod.status()).toMatchObject({ draining: true, ended: true, allocations: 0 });
  }, 40_000);
});

describe('the certificate of a TURN pod', () => {
  const pairIn = (pod: TurnPod, name: string): { cert: string; key: string } => {
    const files = writeCertificate(pod.folders.base, { host: 'turn.test', addresses: [], name });
    return { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  };
  const serves = async (pod: TurnPod, cert: string): Promise<string | undefined> => {
    const { port, host } = { ...pod.server, port: pod.settings.ports.tls ?? 0 };
    const result = await tryAllocation({
      server: { host, port, transport: 'tls', serverName: 'turn.test', ca: cert },
      secret: 'north',
    });
    return result.ok ? undefined : result.reason;
  };

  test('is the new one within seconds, the old one while the new is broken, and connections go on', async () => {
    const pod = await started({ hasTls: true });
    const [old, renewed] = [pairIn(pod, 'old'), pairIn(pod, 'renewed')];
    await pod.mount('tls/tls.key', old.key);
    await pod.mount('tls/tls.crt', old.cert);
    await run(pod, coturnRoot);
    expect(await serves(pod, old.cert)).toBeUndefined();
    const first = (await pod.status()).certificate;
    const through = { ...pod.server, port: pod.settings.ports.tls ?? 0, transport: 'tls' } as const;
    const credential = restCredential('north', { user: 'bob', ttlSeconds: 60, nowMs: Date.now() });
    const kept = await TurnClient.open({ server: through, credential });
    clients.push(kept);
    await kept.allocate();

    await pod.mount('tls/tls.crt', renewed.cert);
    await eventually(async () => {
      const { problem } = await pod.status();
      return problem?.startsWith('tls.crt and tls.key cannot be used together')
        ? undefined
        : 'no problem yet';
    });
    expect(await serves(pod, old.cert)).toBeUndefined();

    await pod.mount('tls/tls.key', renewed.key);
    await eventually(() => serves(pod, renewed.cert));
    await eventually(async () => {
      const { certificate, problem } = await pod.status();
      return certificate !== null && certificate.fingerprint !== first?.fingerprint && problem === undefined
        ? undefined
        : JSON.stringify({ certificate, problem });
    });
    expect(await kept.refresh(900)).toBe(900);
  }, 40_000);
});

test('a database that somebody holds turns nobody away and lets nobody in, and is told', async () => {
  const pod = await started();
  const file = join(pod.folders.run, 'turndb');
  const holder = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(file)});
    database.exec('BEGIN EXCLUSIVE');
    console.log('held');
    process.stdin.once('end', () => database.exec('ROLLBACK')).resume();
  `;

  const child = spawn(process.execPath, ['--no-warnings', '-e', holder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await pod.mount('secrets/next', 'south');
  await eventually(async () => {
    const { problem } = await pod.status();
    return problem?.includes('locked') ? undefined : (problem ?? 'no problem told');
  });
  expect(await notYet(pod, 'north', 'taken')).toBeUndefined();
  expect(await notYet(pod, 'south', 'refused')).toBeUndefined();
  child.stdin.end();
  await eventually(() => notYet(pod, 'south', 'taken'));
  await eventually(async () => (await pod.status()).problem);
}, 30_000);
