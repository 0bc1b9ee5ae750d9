/** Five packets of a hundred are lost on a client's path, both ways. The path is a relay of the test's own (`relay.ts`). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, sees, startBrowser, type User } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';
import { startRelay, type Relay } from './relay.ts';
import { pictureStats, share } from './shares.ts';

let harness: Harness;
let browser: CallBrowser;
let relay: Relay;

beforeAll(async () => {
  harness = await startHarness();
  browser = await startBrowser(harness);
}, 60_000);

afterEach(async () => {
  await browser.clear();
  relay.close();
});

afterAll(async () => {
  await browser.close();
  await harness.close();
});

async function framesMore(user: User, more: number): Promise<void> {
  const frames = async (): Promise<number> =>
    (await pictureStats(user)).received.reduce((sum, one) => sum + one.frames, 0);
  const before = await frames();
  await eventually(
    async () => {
      const now = (await frames()) - before;
      return now >= more ? undefined : `${now} of ${more} frames`;
    },
    { timeoutMs: 30_000 },
  );
}

test.each([
  ['receives', 'bob'],
  ['sends', 'ann'],
])(
  'a picture goes on for one who %s over a relay that loses 5 %% of all packets, for they are sent again',
  async (_name, lossy) => {
    relay = await startRelay();
    const through = (person: string): { relay?: Relay } => (person === lossy ? { relay } : {});
    const ann = await browser.enter(`loss-${lossy}`, 'ann', through('ann'));
    const bob = await browser.enter(`loss-${lossy}`, 'bob', through('bob'));
    await share(ann, { colour: 'red', fps: 15, noise: true });
    await sees(bob, { stream: 'ann', type: 'screen', colour: 'red' });
    const lostBefore = relay.lost();
    relay.lose(0.05);
    await framesMore(bob, 60);
    const [arriving] = (await pictureStats(bob)).received;
    const [leaving] = (await pictureStats(ann)).sent;
    expect(relay.lost()).toBeGreaterThan(lostBefore);
    if (lossy === 'bob') expect(arriving?.repeated).toBeGreaterThan(0);
    else expect(leaving?.repeated).toBeGreaterThan(0);
    // Without retransmission nearly every key frame after a loss would have to come anew.
    expect(arriving?.keyFrames).toBeLessThan((arriving?.frames ?? 0) / 4);
  },
  90_000,
);
