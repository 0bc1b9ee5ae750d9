/** Pictures of a call over several workers, in Chromium. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, type EnterOptions, hears, sees, startBrowser, type User } from './browser.ts';
import { type Spread, startSpread } from './fullWorkers.ts';
import { share, stopSharing } from './shares.ts';

let spread: Spread;
let browser: CallBrowser;

beforeAll(async () => {
  spread = await startSpread(2);
  browser = await startBrowser(spread.harness);
}, 60_000);

afterEach(async () => {
  await browser.clear();
  spread.empty();
});

afterAll(async () => {
  await browser.close();
  await spread.harness.close();
});

/** The first one on the first worker, the others on the second. */
async function enter(callID: string, options: EnterOptions, ...ids: readonly string[]): Promise<User[]> {
  const users: User[] = [];
  for (const [index, id] of ids.entries()) {
    await spread.fillUpTo(Math.min(index, 1));
    users.push(await browser.enter(callID, id, { dcSignaling: true, ...options }));
  }
  expect(spread.count('sessions')).toBe(`1 ${ids.length - 1}`);
  return users;
}

test('a screen with sound is seen and heard on the other worker, and its pipes go when it is no longer shared', async () => {
  const [ann, bob, cyd] = (await enter('screen', {}, 'ann', 'bob', 'cyd')) as [User, User, User];
  await share(ann, { colour: 'red', hz: 660 });
  for (const user of [bob, cyd]) {
    await sees(user, { stream: 'ann', type: 'screen', colour: 'red' });
    await hears(user, 'ann', 660);
  }
  expect(spread.count('pipes')).toBe('0 2');
  await stopSharing(ann);
  await eventually(() => (spread.count('pipes') === '0 0' ? undefined : spread.count('pipes')));
}, 60_000);

test('AV1 reaches the other worker as AV1', async () => {
  const [ann, bob] = (await enter('av1', { av1Support: true }, 'ann', 'bob')) as [User, User];
  await share(ann, { colour: 'blue', av1: true });
  await sees(bob, { stream: 'ann', type: 'screen', colour: 'blue' });
  expect(await bob.page.evaluate('client.receivedCodecs()')).toEqual(['video/AV1']);
}, 60_000);

test('a receiver on the other worker begins with the low layer of simulcast and climbs', async () => {
  const [ann, bob] = (await enter('simulcast', {}, 'ann', 'bob')) as [User, User];
  const encodings = [
    { rid: 'l', maxBitrate: 500_000, maxFramerate: 5 },
    { rid: 'h', maxBitrate: 2_500_000, maxFramerate: 20 },
  ];
  await share(ann, { colour: 'red', fps: 20, noise: true, encodings });
  await sees(bob, { stream: 'ann', type: 'screen', colour: 'red' });
  const layers = (): unknown[] =>
    spread.harness.log.filter(({ msg }) => msg === 'Changed layer').map(({ layer }) => layer);
  await eventually(() => (layers().includes(1) ? undefined : `layers so far: ${layers().join()}`), {
    timeoutMs: 30_000,
  });
  expect(layers().slice(0, 2)).toEqual([0, 1]);
}, 90_000);
