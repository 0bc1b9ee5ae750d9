/** The pages for everybody: by keyboard, to a screen reader, in few colours, on a phone. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { launchChromium } from '../../demo/browser/chromium.ts';
import { createDesk, type Desk } from '../../demo/page/hosts/desk.ts';
import { createWeb } from '../../demo/page/server/web.ts';
import type { CallPage, Launched } from '../sfu/call/browser.ts';
import { launchFirefox } from '../sfu/call/firefox.ts';
import { eventually } from '../support/eventually.ts';
import { expectGolden } from '../support/golden.ts';
import { type CallStage, startCallStage } from './callStage.ts';
import { type Caller, joinAs } from './caller.ts';
import { faintTexts } from './contrast.ts';
import { plainCalls, plainWatch } from './plainWatch.ts';

const golden = (name: string): string => join(import.meta.dirname, 'golden', name);
const phone = { width: 360, height: 740 };

let stage: CallStage;
let chromium: Browser;
let firefox: Launched;
let desk: Desk;
let web: ReturnType<typeof createServer>;
let hostsUrl: string;

beforeAll(async () => {
  stage = await startCallStage();
  const mute = (): void => undefined;
  desk = createDesk({ calls: () => plainCalls, hosts: () => [], watch: plainWatch, apiPort: 9, log: mute });
  web = await createWeb((...asked) => desk.handle(...asked));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  hostsUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/hosts`;
  [chromium, firefox] = await Promise.all([launchChromium(), launchFirefox()]);
}, 90_000);

afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  desk.close();
  web.closeAllConnections();
  web.close();
  await stage.close();
}, 30_000);

/** The part of both drivers' keyboards that is the same. */
interface Typist {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}

/** What has the focus: its role or tag, and its words. */
const focused = (page: CallPage): Promise<string> =>
  page.evaluate('`${document.activeElement.id} ${document.activeElement.innerText?.trim() ?? ""}`');

async function untilFocused(page: CallPage, words: string): Promise<void> {
  await eventually(async () => {
    const now = await focused(page);
    return now.startsWith(words) ? undefined : `the focus is on "${now}", not on "${words}"`;
  });
}

/** Presses Tab until something has the focus; nothing that has it on the way may lack an outline. */
async function tabTo(page: CallPage & Typist, words: string): Promise<void> {
  const passed: string[] = [];
  await eventually(
    async () => {
      const now = await focused(page);
      if (now.startsWith(words)) return undefined;
      await page.keyboard.press('Tab');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      if (outline === 'none') throw new Error(`"${await focused(page)}" has the focus and does not show it`);
      passed.push(now);
      return `no ${words} among ${passed.join('; ')}`;
    },
    { intervalMs: 5 },
  );
}

describe.each([['Chromium'], ['Firefox']])('by keyboard alone, in %s,', (name) => {
  test('a person joins, unmutes, mutes and leaves, and drains a pod', async () => {
    const opened: CallPage = await (name === 'Chromium' ? chromium : firefox).newPage();
    const page = opened as CallPage & Typist;
    await page.goto(`${stage.pageServer.url}/?call=keys-${name}`);
    await tabTo(page, 'name');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await untilFocused(page, 'microphone Unmute');
    await page.keyboard.press(' ');
    await untilFocused(page, 'microphone Mute');
    await page.keyboard.press(' ');
    await untilFocused(page, 'microphone Unmute');
    await tabTo(page, 'leave');
    await page.keyboard.press('Enter');
    await untilFocused(page, 'name');
    expect(await page.evaluate('document.getElementById("status").textContent')).toBe('You left the call');

    await page.goto(hostsUrl);
    await eventually(async () =>
      (await page.evaluate('document.querySelectorAll(".pod").length')) === 4 ? undefined : 'no pods',
    );
    await tabTo(page, ' Drain');
    await page.keyboard.press('Enter');
    await eventually(async () => {
      const status = await page.evaluate<string>('document.getElementById("status").textContent');
      return status === 'Asked calls-sfu-0 to drain' ? undefined : status;
    });
    await page.close();
  }, 60_000);
});

/** A room with all there is in it: a shared screen, a camera, open numbers, open devices. */
async function fullRoom(call: string): Promise<{ readonly page: Page; readonly close: () => Promise<void> }> {
  const context = await chromium.newContext({ viewport: { width: 1180, height: 900 } });
  const enter = async (
    name: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<[Page, Caller]> => {
    const page = await context.newPage();
    return [page, await joinAs(page, stage.pageServer.url, { name, call, more })];
  };
  const [page, ada] = await enter('Ada');
  const [, bruno] = await enter('Bartholomew Featherstonehaugh-Smythe', { painted: 'navy' });
  await bruno.click('screen');
  await ada.click('camera');
  await ada.untilMoves('#enlarged');
  await ada.untilMoves('.picture.video video');
  await ada.click('showDevices');
  for (const at of [0, 1]) {
    await page.locator('.badge:visible').nth(at).click();
    await page.locator('.person').nth(at).getByText('Picture').waitFor();
  }
  return { page, close: () => context.close() };
}

const colourSchemes = ['light', 'dark'] as const;

/** In both colour schemes, wide and on a phone; what is open stays open. */
async function isReadable(page: Page): Promise<void> {
  for (const colorScheme of colourSchemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }); // No colour on its way to another.
    expect(await faintTexts(page)).toEqual([]);
  }
  await page.setViewportSize(phone);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width);
  for (const colorScheme of colourSchemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }); // No colour on its way to another.
    expect(await faintTexts(page)).toEqual([]);
  }
}

describe('text has a contrast of 4.5 in light and dark, and fits a phone,', () => {
  test('at the door', async () => {
    const page = await chromium.newPage();
    await page.goto(stage.pageServer.url);
    await page.getByText('How the SFU is chosen').click();
    await isReadable(page);
    await page.close();
  }, 30_000);

  test('on the host page', async () => {
    const page = await chromium.newPage();
    await page.goto(hostsUrl);
    await page.getByText('4 pods').waitFor();
    await isReadable(page);
    await page.close();
  }, 30_000);
});

test('who wants no motion gets none', async () => {
  const context = await chromium.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(hostsUrl);
  await page.getByText('4 pods').waitFor();
  const moving = await page.evaluate(
    '[...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).transitionProperty !== "none" && getComputedStyle(one).transitionDuration !== "0s").length',
  );
  expect(moving).toBe(0);
  await context.close();
}, 30_000);

describe('a screen reader', () => {
  test('is told of a call as it is written down, whose text has the contrast and the width as well', async () => {
    const { page, close } = await fullRoom('full');
    const told = await page.locator('#room').ariaSnapshot();
    const still = told
      .replaceAll(/(Connection of [^:]+): \w+(.*): \w+$/gm, '$1: GRADE$2: GRADE')
      .replaceAll(/^.*definition: .*$/gm, (line) => line.replace(/definition: .*/, 'definition: NUMBER'))
      .replaceAll(/^(\s*- paragraph:).*$/gm, '$1 REASON');
    expectGolden(golden('room.txt'), `${still}\n`);
    await isReadable(page);
    await close();
  }, 60_000);

  test('is told of pods as it is written down', async () => {
    const page = await chromium.newPage();
    await page.goto(hostsUrl);
    await page.getByText('4 pods').waitFor();
    const told = await page.locator('main').ariaSnapshot();
    expectGolden(golden('hosts.txt'), `${told.replaceAll(/- time: .*/g, '- time: TIME')}\n`);
    await page.close();
  }, 30_000);

  test('hears who comes and who leaves', async () => {
    const page = await chromium.newPage();
    await joinAs(page, stage.pageServer.url, { name: 'Ada', call: 'news' });
    const other = await chromium.newPage();
    const bruno = await joinAs(other, stage.pageServer.url, { name: 'Bruno', call: 'news' });
    await page.getByRole('log').getByText('Bruno joined').waitFor({ state: 'attached' });
    await bruno.click('leave');
    await page.getByRole('log').getByText('Bruno left').waitFor({ state: 'attached' });
    await Promise.all([page.close(), other.close()]);
  }, 30_000);
});
