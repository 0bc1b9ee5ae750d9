/** Who speaks: what our server says of real speech against rtcd's algorithm on the very same packets. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { speakers } from '../../../demo/speech/speakers.ts';
import { ensureSpeech, loadSpeech } from '../../../demo/speech/speech.ts';
import { hearPackets, silentVad } from '../../../sfu/call/decide/vad.ts';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { type Harness, startHarness } from './harness.ts';
import type { Peer } from './peer.ts';
import { endPeers, Scene, unmute } from './scene.ts';

const { mute, voiceOn } = rtcMessageType;

/** Somebody began or ceased to speak. */
interface Turn {
  readonly isOn: boolean;
  readonly atMs: number;
}

/** One speaker, the packets sent and what the plugin was told. */
interface Talk {
  readonly peer: Peer;
  readonly told: Turn[];
  readonly sent: { readonly level: number; readonly atMs: number }[];
}

let harness: Harness;
let speechDir: string;

beforeAll(async () => {
  speechDir = await ensureSpeech({ say: () => undefined });
  harness = await startHarness();
});

afterAll(async () => {
  await harness.close();
  endPeers();
});

async function enter(scene: Scene, sessionID: string): Promise<Talk> {
  const peer = await scene.enter(sessionID);
  await unmute(peer);
  const told: Turn[] = [];
  const { onMessage } = peer.plugin;
  peer.plugin.onMessage = (message) => {
    if (message.type === 'vad')
      told.push({ isOn: message.message.type === voiceOn, atMs: performance.now() });
    onMessage(message);
  };
  return { peer, told, sent: [] };
}

/** Sends a packet for each level, 50 a second. */
async function speak({ peer, sent }: Talk, levels: readonly number[]): Promise<void> {
  const startMs = performance.now();
  const payload = Buffer.alloc(80, 1);
  await eventually(
    () => {
      const due = Math.min(levels.length, Math.floor((performance.now() - startMs) / 20) + 1);
      for (const level of levels.slice(sent.length, due)) {
        peer.speak(payload, level);
        sent.push({ level, atMs: performance.now() });
      }
      return sent.length === levels.length ? undefined : 'packets remain';
    },
    { timeoutMs: 60_000, intervalMs: 10 },
  );
}

/** What rtcd says of these packets. */
function turnsOf({ sent }: Talk): Turn[] {
  let vad = silentVad;
  return sent.flatMap(({ level, atMs }) => {
    const heard = hearPackets(vad, [level], atMs);
    vad = heard.vad;
    return heard.changes.map((isOn) => ({ isOn, atMs }));
  });
}

test('speech turns on and off as rtcd says of the same packets, in the same order and within a second', async () => {
  const speeches = await Promise.all(speakers.map(({ name }) => loadSpeech(speechDir, name)));
  const scene = new Scene(harness, 'speech');
  const talks: Talk[] = [];
  for (const { name } of speakers) talks.push(await enter(scene, name));
  await Promise.all(
    talks.map(async (talk, index) => {
      const levels = speeches[index]?.audioLevels ?? [];
      await speak(talk, levels);
      await eventually(() => (talk.told.length >= turnsOf(talk).length ? undefined : 'turns are missing'));
      talk.peer.plugin.send(mute);
    }),
  );
  for (const talk of talks) {
    const expected = turnsOf(talk);
    expect(expected.length).toBeGreaterThanOrEqual(2);
    expect(talk.told.map(({ isOn }) => isOn)).toEqual([...expected.map(({ isOn }) => isOn), false]);
    const lateMs = expected.map(({ atMs }, index) => (talk.told[index]?.atMs ?? NaN) - atMs);
    expect(Math.max(...lateMs.map(Math.abs))).toBeLessThan(1_000);
  }
  scene.end();
}, 60_000);
