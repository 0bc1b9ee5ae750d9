/** A call as people have it: two pages in Chromium and a bot, one SFU process, the page's server as the plugin. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';
import type { Browser } from 'playwright-core';

import { type Bot, joinBot } from '../../demo/bots/bot.ts';
import { launchChromium } from '../../demo/browser/chromium.ts';
import { openParticipant, type Participant } from '../../demo/browser/participant.ts';
import type { Listener } from '../../demo/matrix/hearing.ts';
import { heardFromDb } from '../../demo/matrix/matrix.ts';
import { hearFor, measureMatrix } from '../../demo/matrix/measure.ts';
import { type PageServer, startPageServer } from '../../demo/page/server.ts';
import { discoverFixed } from '../../demo/page/server/discovery.ts';
import { speakers } from '../../demo/speech/speakers.ts';
import { ensureSpeech, loadSpeech } from '../../demo/speech/speech.ts';
import { eventually } from '../support/eventually.ts';
import { type StandaloneSfu, startStandaloneSfu } from './standaloneSfu.ts';

const [adaVoice, brunoVoice, emilVoice] = [speakers[0]!, speakers[1]!, speakers[4]!];
const tonesHz = [adaVoice, brunoVoice, emilVoice].map(({ toneHz }) => toneHz);
const call = 'standup';
const patience = { timeoutMs: 15_000, intervalMs: 250 };

let sfu: StandaloneSfu;
let pageServer: PageServer;
let browser: Browser;
let ada: Participant;
let bruno: Participant;
let emil: Bot;

beforeAll(async () => {
  const speechDir = await ensureSpeech({ say: () => undefined });
  sfu = await startStandaloneSfu();
  pageServer = await startPageServer({
    discover: discoverFixed([sfu.address]),
    identity: { clientID: 'browser-test', authKey: 'k'.repeat(32), apiPort: sfu.apiPort },
    speechDir,
  });
  browser = await launchChromium();
  const pageUrl = pageServer.url;
  ada = await openParticipant(browser, { pageUrl, call, speaker: adaVoice });
  bruno = await openParticipant(browser, { pageUrl, call, speaker: brunoVoice, dcSignaling: true });
  const speech = await loadSpeech(speechDir, emilVoice.name);
  emil = await joinBot({ pageUrl, call, speaker: emilVoice, speech });
  await emil.unmute();
}, 90_000);

afterAll(async () => {
  emil.leave();
  cleanup(); // Or its threads keep the process.
  await browser.close();
  await pageServer.close();
  await sfu.stop();
}, 30_000);

/** The voice in which a listener hears a tone best within a second and a half. */
async function voiceAt(listener: Listener, toneHz: number): Promise<{ toneDb: number; packets: number }> {
  const [hearing] = await hearFor([listener], [toneHz], 1500);
  return (hearing?.voices ?? [])
    .map(({ packets, tones }) => ({ packets, toneDb: tones[0]?.overFloorDb ?? 0 }))
    .reduce((best, voice) => (voice.toneDb > best.toneDb ? voice : best), { packets: 0, toneDb: 0 });
}

/** Why a listener does not hear a tone; undefined when it does. */
async function notHeard(listener: Listener, toneHz: number): Promise<string | undefined> {
  const { toneDb } = await voiceAt(listener, toneHz);
  return toneDb >= heardFromDb ? undefined : `the tone is ${toneDb.toFixed(0)} dB over the noise`;
}

describe('a call of two pages and a bot', () => {
  test('lets everyone hear everyone else', async () => {
    const { missing, cells } = await measureMatrix([ada, bruno, emil], tonesHz);
    expect(missing).toEqual([]);
    expect(cells).toHaveLength(6);
  }, 60_000);

  test('shows who speaks', async () => {
    for (const name of [adaVoice.name, brunoVoice.name, emilVoice.name])
      await eventually(async () => {
        const { people } = await ada.state();
        return people.find((person) => person.name === name)?.isSpeaking === true
          ? undefined
          : `${name} is not shown as speaking`;
      }, patience);
    await eventually(
      async () =>
        (await bruno.page.locator('.person.speaking').count()) > 0 ? undefined : 'no tile lights up',
      patience,
    );
  }, 60_000);

  test('shows loss and round trip', async () => {
    await eventually(async () => {
      const texts = await Promise.all(
        ['#loss', '#roundTrip', '#jitterBuffer'].map((id) => ada.page.textContent(id)),
      );
      return texts.every((text) => /^[\d.]+ (ms|%)$/.test(text ?? '')) ? undefined : texts.join(', ');
    }, patience);
  }, 30_000);

  test('is silent where somebody muted, and hears them again when they unmute', async () => {
    await ada.setMuted(true);
    await eventually(async () => {
      const { packets } = await voiceAt(emil, adaVoice.toneHz);
      return packets === 0 ? undefined : `${packets} packets still came`;
    }, patience);
    await eventually(
      async () => (isShownMuted(await bruno.state(), adaVoice.name) ? undefined : 'not shown as muted'),
      patience,
    );
    expect(await bruno.page.getAttribute(`.person[aria-label^="${adaVoice.name},"]`, 'aria-label')).toMatch(
      'muted',
    );

    await ada.setMuted(false);
    await eventually(() => notHeard(emil, adaVoice.toneHz), patience);
  }, 60_000);

  test('goes on when somebody leaves, who is then gone from every page', async () => {
    await bruno.leave();
    await eventually(async () => {
      const names = (await ada.state()).people.map(({ name }) => name);
      return names.join() === `${adaVoice.name},${emilVoice.name}` ? undefined : names.join();
    }, patience);
    expect(await notHeard(ada, emilVoice.toneHz)).toBeUndefined();
    expect(await notHeard(ada, brunoVoice.toneHz)).toBeDefined();
    expect((await ada.state()).connection).toBe('connected');
  }, 60_000);
});

function isShownMuted(state: Awaited<ReturnType<Participant['state']>>, name: string): boolean {
  return state.people.find((person) => person.name === name)?.isMuted === true;
}
