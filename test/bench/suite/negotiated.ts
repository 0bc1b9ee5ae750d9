/** Which SRTP suite each kind of client gets from a server: measured, since a suite costs what nothing else does. */
import { BotPeer } from '../../../demo/bots/peer.ts';
import { inflate } from '../../../demo/protocol/deflate.ts';
import { startBrowser } from '../../contract/browser/browser.ts';
import { enter } from '../../contract/browser/user.ts';
import { openPlugin, type Plugin } from '../../contract/plugin.ts';
import { eventually } from '../../support/eventually.ts';
import { newID } from '../hall.ts';
import { registered } from '../run.ts';
import type { Target } from '../target.ts';
import { openTap } from './tap.ts';

/** Names of IANA's registry. */
export interface Suites {
  readonly generator: string;
  readonly chromium: string;
}

/** Of both kinds of client on a running server. */
export async function suitesOf(target: Target): Promise<Suites> {
  const plugin = await openPlugin(target, await registered(target));
  try {
    return {
      generator: await generatorSuite(plugin, target.mediaPort),
      chromium: await chromiumSuite(plugin),
    };
  } finally {
    plugin.drop();
  }
}

/** The generator's connection, by a relay: the server is told of no other address. */
async function generatorSuite(plugin: Plugin, mediaPort: number): Promise<string> {
  const [tap, sessionID] = [await openTap(mediaPort), newID()];
  let failure: string | undefined;
  const peer = new BotPeer({
    name: sessionID,
    bindAddress: '127.0.0.1',
    dcSignaling: false,
    sendSdp: (deflated) => void sendSdp(plugin, sessionID, deflated),
    sendCandidate: () => undefined,
    onPacket: () => undefined,
    onFailed: (reason) => (failure = reason),
  });
  plugin.onFrame(({ type, data }) => {
    if (type !== 'rtc' || data['session_id'] !== sessionID) return;
    const json = Buffer.from(data['data'] as Uint8Array).toString();
    peer.signal(json.replaceAll(` 127.0.0.1 ${mediaPort} typ`, ` 127.0.0.1 ${tap.port} typ`));
  });
  try {
    join(plugin, sessionID);
    await eventually(() => (tap.suite() === undefined ? `a DTLS handshake ${failure ?? ''}` : undefined));
    return tap.suite()!;
  } finally {
    plugin.leave(sessionID);
    peer.close();
    tap.close();
  }
}

function join(plugin: Plugin, sessionID: string): void {
  const whose = { callID: sessionID, userID: sessionID, sessionID, channelID: sessionID };
  plugin.join({ ...whose, dcSignaling: false, av1Support: false });
}

/** Without candidates: a server that knew them would go past the relay. */
async function sendSdp(plugin: Plugin, sessionID: string, deflated: Uint8Array): Promise<void> {
  const { type, sdp } = JSON.parse(await inflate(new Uint8Array(deflated))) as { type: string; sdp: string };
  plugin.rtc(sessionID, 'sdp', { type, sdp: sdp.replaceAll(/^a=candidate:.*\r?\n/gm, '') });
}

const cipher =
  "client.pc.getStats().then((all) => [...all.values()].find((one) => one.type === 'transport')?.srtpCipher ?? '')";

/** As its own statistics say. */
async function chromiumSuite(plugin: Plugin): Promise<string> {
  const browser = await startBrowser('Chromium');
  try {
    const [callID, sessionID] = [newID(), newID()];
    const user = await enter(browser, { plugin, callID, userID: sessionID, sessionID, dcSignaling: true });
    let found = '';
    await eventually(async () => {
      found = String(await user.page.evaluate(cipher));
      return found === '' ? "Chromium's srtpCipher" : undefined;
    });
    await user.leave();
    return found.replace(/^SRTP_/, '').replace(/^AES(\d+)_CM/, 'AES_CM_$1'); // It has a way of its own to write them.
  } finally {
    await browser.close();
  }
}
