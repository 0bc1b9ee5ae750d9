/** What a person does by hand: name, join, microphone, leave, come back, and a server that goes away for a moment. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';
import type { Browser, Page } from 'playwright-core';

import { joinBot } from '../../demo/bots/bot.ts';
import { launchChromium } from '../../demo/browser/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type CallStage, startCallStage } from './callStage.ts';

let stage: CallStage;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stage = await startCallStage();
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await stage.close();
  cleanup(); // Or the threads of the bots keep the process.
}, 30_000);

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(`${stage.pageServer.url}/?call=standup`);
});

afterEach(async () => {
  await page.context().close();
});

/** Resolves when a bot that joins now hears somebody: the browser's own fake microphone beeps. */
async function untilHeard(): Promise<void> {
  const ear = await joinBot({
    pageUrl: stage.pageServer.url,
    call: 'standup',
    speaker: { name: 'Emil', toneHz: 0 },
    speech: { opusPackets: [], audioLevels: [] },
  });
  try {
    await eventually(async () => ((await ear.voices()) === 1 ? undefined : 'no voice reaches the listener'));
  } finally {
    ear.leave();
  }
}

async function join(): Promise<void> {
  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('button', { name: 'Join the call' }).click();
  await page
    .locator('#status[data-state="connected"]')
    .waitFor()
    .catch(async (error: unknown) => {
      throw new Error(`not connected; ${await whatIsSeen()}`, { cause: error });
    });
}

/** What the page says, what its call is at, and what the SFU logged last: a wait that failed must say why. */
async function whatIsSeen(): Promise<string> {
  const status = await page.textContent('#status');
  const state = await page.evaluate('JSON.stringify(window.callPage?.state())');
  return [
    `the page says "${String(status)}", its call is ${String(state)}`,
    `its server told: ${stage.told.slice(-20).join('; ')}`,
    `the SFU logged:\n${stage.sfu.log().slice(-4000)}`,
  ].join('\n');
}

const person = (label: string): Promise<void> => page.getByRole('listitem', { name: label }).waitFor();

test('a person joins muted, speaks, mutes, and leaves through the door', async () => {
  await join();
  await person('Ada (you), muted');
  expect(await page.textContent('#pod')).toBe('calls-sfu-0');
  expect(await page.textContent('#node')).toBe('n1');
  expect(await page.textContent('#asked .chosen')).toMatch(/^calls-sfu-0 \(chosen\)[\d.]+$/);

  await page.getByRole('button', { name: 'Unmute' }).click();
  await untilHeard();
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await person('Ada (you), muted');
  await page.getByRole('button', { name: 'Unmute' }).click();
  await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('button', { name: 'Join the call' }).waitFor();
  await eventually(() =>
    stage.pageServer.calls().length === 0 ? undefined : 'the call is still in the book',
  );
}, 60_000);

test('the name is remembered, and the next call of the page works as the first', async () => {
  await join();
  await page.getByRole('button', { name: 'Leave' }).click();
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
  await join();
  await person('Ada (you), muted');
}, 60_000);

test('a page whose own connection drops is back in its call, with what it had to say meanwhile', async () => {
  await join();
  stage.pageServer.dropPages();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await untilHeard();
}, 60_000);

test('what a page says on a connection that is dead without its knowing is said again on the next one', async () => {
  let [isDead, lost] = [false, 0];
  let cut = (): void => undefined;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (isDead) lost += 1;
      else server.send(message);
    });
    cut = () => void Promise.all([socket.close(), server.close()]);
  });
  await page.reload();
  await join();
  isDead = true;
  await page.getByRole('button', { name: 'Unmute' }).click();
  await eventually(() => (lost > 0 ? undefined : 'the page to say that it is unmuted'));
  isDead = false;
  cut();
  await untilHeard();
}, 60_000);

test('a page that is cut off while it joins tries again', async () => {
  let tries = 0;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    tries += 1;
    if (tries === 1) void socket.close();
    else socket.connectToServer();
  });
  await page.reload();
  await join();
  expect(tries).toBe(2);
}, 60_000);

test('a page whose files are cut off while it loads begins anew', async () => {
  let tries = 0;
  await page.route(/peer\.js$/, async (route) => {
    tries += 1;
    await (tries === 1 ? route.abort('connectionreset') : route.continue());
  });
  await page.reload().catch(() => undefined); // The page does that itself, in the middle of ours.
  await join();
  expect(tries).toBe(2);
}, 60_000);

test('the rules of the plugin are on the page', async () => {
  await page.getByText('How the SFU is chosen').click();
  expect(await page.locator('#rules tr').count()).toBeGreaterThan(10);
}, 30_000);
