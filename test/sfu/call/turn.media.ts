/** Clients behind a firewall that lets nothing through but TURN: the relay's other leg ends at our host candidate. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { type CallBrowser, hears, launchChromium, startBrowser, type User } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';
import { startTurnServer, type TurnServer } from './turnServer.ts';

let harness: Harness;
let turn: TurnServer;
let browser: CallBrowser;

beforeAll(async () => {
  [harness, turn] = await Promise.all([startHarness(), startTurnServer()]);
  // The relay's certificate is signed by nobody.
  browser = await startBrowser(harness, () => launchChromium(['--ignore-certificate-errors']));
}, 60_000);

afterEach(() => browser.clear());

afterAll(async () => {
  await browser.close();
  await Promise.all([harness.close(), turn.close()]);
});

/** The client's end of the path that is used: kind of candidate, and how it reaches the relay. */
const localEnd = ({ page }: User): Promise<string> =>
  page.evaluate(`(async () => {
    const stats = [...(await client.pc.getStats()).values()];
    const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport');
    const { localCandidateId } = stats.find(({ id }) => id === selectedCandidatePairId);
    const { candidateType, relayProtocol } = stats.find(({ id }) => id === localCandidateId);
    return candidateType + ' ' + relayProtocol;
  })()`);

test.each(['UDP', 'TCP', 'TLS'] as const)(
  'Chromium hears and is heard over TURN by %s',
  async (way) => {
    const id = `relayed${way}`;
    const rtc = { iceTransportPolicy: 'relay', iceServers: [turn.iceServer(way, id)] };
    const ann = await browser.enter(`turn-${way}`, id, { rtc });
    const bob = await browser.enter(`turn-${way}`, `direct${way}`);
    await ann.page.evaluate('client.speak(440)');
    await bob.page.evaluate('client.speak(880)');
    await hears(bob, id, 440);
    await hears(ann, `direct${way}`, 880);
    expect(await localEnd(ann)).toBe(`relay ${way.toLowerCase()}`);
  },
  60_000,
);
