import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { type CallBrowser, sees, startBrowser, type User } from './browser.ts';
import { descriptionOf, type Harness, startHarness } from './harness.ts';
import { pictureStats, share } from './shares.ts';
import { startRelay, type Relay } from './relay.ts';

let harness: Harness;
let browser: CallBrowser;
const relays: Relay[] = [];

beforeAll(async () => {
  harness = await startHarness();
  browser = await startBrowser(harness);
}, 60_000);

afterEach(async () => {
  await browser.clear();
  for (const relay of relays.splice(0)) relay.close();
});

afterAll(async () => {
  await browser.close();
  await harness.close();
});

/** As the web client sends a screen when simulcast is on (wire spec 3.11). */
const layers = [
  { rid: 'l', maxBitrate: 500_000, maxFramerate: 5 },
  { rid: 'h', maxBitrate: 2_500_000, maxFramerate: 20 },
];

const offersTo = ({ plugin }: User): number =>
  plugin.received.filter((message) => descriptionOf(message)?.type === 'offer').length;

/** The low layer brings 5 frames a second at most, the high one 20: counted over two seconds at a time. */
async function getsLayer(user: User, layer: 'l' | 'h'): Promise<void> {
  let before = await framesOf(user);
  await eventually(
    async () => {
      const now = await framesOf(user);
      const frames = now - before;
      before = now;
      const isThere = layer === 'h' ? frames > 14 : frames > 2 && frames <= 12;
      return isThere
        ? undefined
        : `${frames} frames in 2 s, so not layer ${layer}; layers so far: ${layersOf(user.plugin.sessionID).join()}`;
    },
    { timeoutMs: 45_000, intervalMs: 2_000 },
  );
}

/** The layers that a receiver got, in order. */
function layersOf(sessionID: string): unknown[] {
  const lines = harness.log.filter((one) => one['msg'] === 'Changed layer');
  return lines.filter((one) => one['sessionID'] === sessionID).map((one) => one['layer']);
}

async function framesOf(user: User): Promise<number> {
  return (await pictureStats(user)).received.reduce((sum, one) => sum + one.frames, 0);
}

test('a receiver begins with the low layer, climbs, falls when its path narrows and climbs again, without an offer', async () => {
  const relay = await startRelay();
  relays.push(relay);
  const ann = await browser.enter('simulcast', 'ann');
  const bob = await browser.enter('simulcast', 'bob', { relay });
  const cyd = await browser.enter('simulcast', 'cyd');
  await share(ann, { colour: 'red', fps: 20, noise: true, encodings: layers });
  await sees(bob, { stream: 'ann', type: 'screen', colour: 'red' });
  const offers = offersTo(bob);
  await getsLayer(bob, 'h');
  relay.narrow(400_000);
  await getsLayer(bob, 'l');
  await getsLayer(cyd, 'h');
  relay.widen();
  await getsLayer(bob, 'h');
  expect(layersOf('bob').slice(0, 2)).toEqual([0, 1]);
  expect(layersOf('cyd').slice(0, 2)).toEqual([0, 1]);
  await browser.enter('simulcast', 'dan');
  await eventually(() => (layersOf('dan').length > 0 ? undefined : 'dan gets no layer'));
  expect(layersOf('dan')[0]).toBe(0);
  expect(offersTo(bob)).toBe(offers);
  expect((await pictureStats(ann)).sent.map(({ rid }) => rid).sort()).toEqual(['h', 'l']);
  expect(harness.service.counts().tracks).toMatchObject({ in: { screen: 1 }, out: { screen: 3 } });
}, 180_000);
