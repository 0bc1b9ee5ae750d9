/** Elections on a fake Lease, so that the test moves the clock; leader.kube.ts has the real one. */
import { expect, test } from '@jest/globals';
import { createElection, type Election } from '../../../operator/kube/leader.ts';
import { specOf } from '../../../operator/kube/lease.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { createFakeClock, type FakeClock } from '../../support/fakeClock.ts';
import { createFakeLeases, type FakeLeases } from '../../support/fakeLeases.ts';

interface Candidate {
  readonly election: Election;
  readonly connection: ReturnType<FakeLeases['connect']>;
  readonly told: string[];
}

function candidate(leases: FakeLeases, clock: FakeClock, identity: string): Candidate {
  const connection = leases.connect();
  const told: string[] = [];
  const election = createElection({
    ...{ kube: connection, clock, identity, log: silentLog },
    lease: { namespace: 'ns', name: 'operator' },
    onElected: () => told.push('elected'),
    onLost: (reason) => told.push(`lost: ${reason}`),
  });
  election.start();
  return { election, connection, told };
}

async function twoCandidates(): Promise<{
  leases: FakeLeases;
  clock: FakeClock;
  a: Candidate;
  b: Candidate;
}> {
  const leases = createFakeLeases();
  const clock = createFakeClock();
  const a = candidate(leases, clock, 'a');
  await clock.advance(0);
  return { leases, clock, a, b: candidate(leases, clock, 'b') };
}

const mayWrite = ({ election }: Candidate): boolean => {
  try {
    return election.fence.writeBudgetMs('write') > 0;
  } catch {
    return false;
  }
};
const holder = (leases: FakeLeases): unknown => {
  const lease = leases.lease();
  return lease && specOf(lease).holderIdentity;
};

test('one of two leads and goes on leading; only it may write', async () => {
  const { clock, a, b } = await twoCandidates();
  await clock.advance(120_000);
  expect([a.told, b.told]).toEqual([['elected'], []]);
  expect([mayWrite(a), mayWrite(b)]).toEqual([true, false]);
  expect([a.election.isLeader(), b.election.isLeader()]).toEqual([true, false]);
});

test('a leader that cannot renew stops writing after 10 s, before another can lead after 15 s', async () => {
  const { clock, a, b } = await twoCandidates();
  await clock.advance(20_000);
  a.connection.isCut = true;
  await clock.advance(9_000);
  expect([mayWrite(a), mayWrite(b)]).toEqual([true, false]);
  await clock.advance(1_000);
  expect([mayWrite(a), mayWrite(b)]).toEqual([false, false]);
  expect(a.told).toEqual(['elected', 'lost: could not renew for 10000 ms']);
  await clock.advance(4_000);
  expect(mayWrite(b)).toBe(false);
  await clock.advance(6_000);
  expect([mayWrite(a), mayWrite(b)]).toEqual([false, true]);
});

test('who lost never leads again, even when the way is free', async () => {
  const { clock, a, b } = await twoCandidates();
  a.connection.isCut = true;
  await clock.advance(30_000);
  a.connection.isCut = false;
  await b.election.close();
  await clock.advance(60_000);
  expect(a.told).toEqual(['elected', 'lost: could not renew for 10000 ms']);
  expect(() => a.election.fence.writeBudgetMs('create pods ns/x')).toThrow(
    'create pods ns/x: refused: this replica does not lead (lost)',
  );
});

test('a write is given no more time than is left of the lease', async () => {
  const { clock, a } = await twoCandidates();
  await clock.advance(10_000);
  a.connection.isCut = true;
  await clock.advance(7_000);
  expect(a.election.fence.writeBudgetMs('write')).toBe(8_000);
});

test('a leader that slept through its deadline finds the fence shut before any timer ran', async () => {
  const leases = createFakeLeases();
  const clock = createFakeClock();
  let sleptMs = 0;
  const asleep = { ...clock, monotonicMs: () => clock.monotonicMs() + sleptMs };
  const { election } = candidate(leases, asleep, 'a');
  await clock.advance(0);
  sleptMs = 10_001;
  expect(() => election.fence.writeBudgetMs('write')).toThrow('the lease was last renewed 10001 ms ago');
  expect(election.isLeader()).toBe(false);
});

test('a leader that closes lets the next one lead within a retry, and writes no more itself', async () => {
  const { leases, clock, a, b } = await twoCandidates();
  await clock.advance(5_000);
  await a.election.close();
  expect([holder(leases), mayWrite(a)]).toEqual(['', false]);
  await clock.advance(2_400);
  expect([a.told, b.told]).toEqual([['elected'], ['elected']]);
});

test('a candidate that closes does not touch the leader’s lease', async () => {
  const { leases, clock, a, b } = await twoCandidates();
  await clock.advance(5_000);
  await b.election.close();
  await clock.advance(5_000);
  expect([holder(leases), mayWrite(a)]).toEqual(['a', true]);
});

test('a lease deleted by hand is made again, and never do two lead', async () => {
  const { leases, clock, a, b } = await twoCandidates();
  await clock.advance(5_000);
  leases.remove();
  await clock.advance(30_000);
  const leading = [a, b].filter(mayWrite);
  expect(leading).toHaveLength(1);
  expect([...a.told, ...b.told].filter((what) => what === 'elected').length - 1).toBe(
    [...a.told, ...b.told].filter((what) => what.startsWith('lost')).length,
  );
});

test('a leader that sees another name in the lease stops at once', async () => {
  const { leases, clock, a } = await twoCandidates();
  const lease = leases.lease();
  await leases
    .connect()
    .replace({} as never, { ...lease!, spec: { ...specOf(lease!), holderIdentity: 'c' } });
  await clock.advance(4_000);
  expect(a.told).toEqual(['elected', 'lost: c holds the lease']);
});

test('renewals cost one write each and no reads', async () => {
  const { leases, clock, b } = await twoCandidates();
  await b.election.close();
  const before = leases.writes();
  await clock.advance(20_000);
  expect(leases.writes() - before).toBe(10);
});
