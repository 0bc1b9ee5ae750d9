/** A rotation as callers see it: allocations and refreshes without a pause, and an agent that is killed at each stage. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurnClient } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { tryAllocation } from '../../../operator/facts/turn/tryAllocation.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { ensureCoturn } from '../../setup/coturn.ts';
import { eventually } from '../../support/eventually.ts';
import { startTurnPod, type TurnPod } from '../../support/turnPod.ts';

let pod: TurnPod;
beforeAll(async () => {
  const coturnRoot = await ensureCoturn(() => undefined);
  const limits = { allocationsPerUser: 0, allocationsTotal: 0, unauthenticatedRatePerSecond: 0 };
  pod = await startTurnPod({ coturnRoot, spec: { limits } });
}, 150_000);
afterAll(() => pod.stop(), 20_000);

/** Callers that never stop, and what they were refused. */
interface Callers {
  /** What new credentials are made with from now on. */
  issue(secret: string): void;
  /** Waits until each has had one more success. */
  oneMore(): Promise<void>;
  end(): Promise<{
    readonly allocations: number;
    readonly refreshes: number;
    readonly failures: readonly string[];
  }>;
}

/** Relay ports are free again only seconds later: so many a second they can bear. */
const paceMs = 60;

function startCallers(first: string): Callers {
  let [secret, isOver, allocations, refreshes] = [first, false, 0, 0];
  const failures: string[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => failures.push((error as Error).message));
    await sleep(paceMs);
  };
  const newcomers = async (): Promise<void> => {
    while (!isOver)
      await attempt(async () => {
        const result = await tryAllocation({ server: pod.server, secret, user: randomUUID() });
        if (!result.ok) throw new Error(result.reason);
        allocations += 1;
      });
  };
  const regular = async (): Promise<void> => {
    const credential = restCredential(first, { user: randomUUID(), ttlSeconds: 60, nowMs: Date.now() });
    const client = await TurnClient.open({ server: pod.server, credential });
    await client.allocate();
    while (!isOver)
      await attempt(async () => {
        await client.refresh(900);
        refreshes += 1;
      });
    client.close();
  };
  const all = Promise.all([newcomers(), regular(), regular()]);
  return {
    issue: (next) => void (secret = next),
    oneMore: async () => {
      const [before, beforeThat] = [allocations, refreshes];
      await eventually(() =>
        allocations > before && refreshes > beforeThat + 2 ? undefined : 'nobody has called',
      );
    },
    end: async () => {
      isOver = true;
      await all;
      return { allocations, refreshes, failures };
    },
  };
}

/** Writes the files of a stage under an agent that is dead, starts the next one, and waits until its rows are these. */
async function stage(files: Readonly<Record<string, string>>, accepted: readonly string[]): Promise<void> {
  await pod.stopAgent();
  for (const [key, value] of Object.entries(files)) await pod.mount(`secrets/${key}`, value);
  pod.startAgent();
  const wanted = JSON.stringify(accepted.map(secretHash));
  await eventually(async () => {
    const { secrets } = await pod.status();
    return JSON.stringify(secrets) === wanted ? undefined : `rows are ${JSON.stringify(secrets)}`;
  });
}

test('nobody is refused because of it, and the retired secret begins nothing any more', async () => {
  const callers = startCallers('north');
  await callers.oneMore();
  await stage({ next: 'south' }, ['north', 'south']);
  await callers.oneMore();
  await stage({ secret: 'south', previous: 'north', next: '' }, ['south', 'north']);
  callers.issue('south');
  await callers.oneMore();
  await stage({ previous: '' }, ['south']);
  await callers.oneMore();
  expect(await tryAllocation({ server: pod.server, secret: 'north' })).toMatchObject({
    ok: false,
    code: 401,
  });
  const { failures, allocations, refreshes } = await callers.end();
  expect(failures).toEqual([]);
  expect(allocations).toBeGreaterThan(4);
  expect(refreshes).toBeGreaterThan(8);
}, 60_000);
