/** Screens, cameras and devices of people in Chromium and Firefox. Chromium shares a screen that it makes up; Firefox has none without a window, and shares a painted picture. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { launchChromium } from '../../demo/browser/chromium.ts';
import type { CallPage, Launched } from '../sfu/call/browser.ts';
import { launchFirefox } from '../sfu/call/firefox.ts';
import { type Caller, joinAs } from './caller.ts';
import { type CallStage, startCallStage } from './callStage.ts';

const call = 'review';
const lime = [0, 255, 0] as const;
const tileOf = (name: string): string => `.person[aria-label^="${name}"]`;
const screenOf = (name: string): string => `${tileOf(name)} .picture.screen video`;
const cameraOf = (name: string): string => `${tileOf(name)} .picture.video video`;

let stage: CallStage;
let chromium: Awaited<ReturnType<typeof launchChromium>>;
let firefox: Launched;
let ada: Caller;
let bruno: Caller;
let fay: Caller;

beforeAll(async () => {
  stage = await startCallStage();
  [chromium, firefox] = await Promise.all([
    // The second camera is one that sees depth, which no codec takes.
    launchChromium(['--use-fake-device-for-media-stream=device-count=3']),
    launchFirefox(),
  ]);
  const enter = (page: CallPage, name: string, more = {}): Promise<Caller> =>
    joinAs(page, stage.pageServer.url, { name, call, more });
  ada = await enter(await chromium.newPage(), 'Ada');
  bruno = await enter(await chromium.newPage(), 'Bruno', { dc: '1' });
  fay = await enter(await firefox.newPage(), 'Fay', { painted: 'lime' });
}, 90_000);

afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  await stage.close();
}, 30_000);

const isGone = (caller: Caller, selector: string): Promise<unknown> =>
  caller.until(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].some((one) => one.checkVisibility())`,
    (isSeen) => isSeen === false,
  );

describe('a shared screen', () => {
  test('is seen by everybody at once: large, and small in the tile of who shares', async () => {
    await ada.click('screen');
    for (const viewer of [bruno, fay]) {
      await viewer.untilMoves('#enlarged');
      await viewer.untilMoves(screenOf('Ada'));
      expect(await viewer.text('#enlargedName')).toBe('Ada’s screen');
    }
    await ada.untilMoves(screenOf('Ada'));
    expect(await ada.count('#stage')).toBe(0);
  }, 60_000);

  test('is seen by who comes later, too', async () => {
    const page = await chromium.newPage();
    const late = await joinAs(page, stage.pageServer.url, { name: 'Late', call });
    await late.untilMoves('#enlarged');
    await page.close();
  }, 30_000);

  test('is made small by Escape and large again by Enter', async () => {
    const { keyboard } = bruno.page as Awaited<ReturnType<typeof chromium.newPage>>;
    await keyboard.press('Escape');
    await isGone(bruno, '#stage');
    await bruno.page.evaluate(`document.querySelector('${tileOf('Ada')} .picture.screen').focus()`);
    await keyboard.press('Enter');
    await bruno.untilMoves('#enlarged');
  }, 30_000);

  test('keeps others from sharing: they are told, and the call goes on', async () => {
    await fay.click('screen');
    await fay.until('document.getElementById("status").textContent', (text) =>
      String(text).includes('Ada is sharing a screen already'),
    );
    expect(await fay.text('#screen')).toContain('Share screen');
    await fay.untilMoves(screenOf('Ada'));
  }, 30_000);

  test('goes with who stops it, and the next one’s comes', async () => {
    await ada.click('screen');
    for (const viewer of [bruno, fay]) await isGone(viewer, '.picture.screen, #stage');
    await fay.click('screen');
    for (const viewer of [ada, bruno]) await viewer.untilMoves('#enlarged', lime);
    await fay.click('screen');
    await isGone(ada, '.picture.screen, #stage');
    // Whoever changes their mind while it begins is obeyed, too.
    await fay.click('screen');
    await fay.until('window.callPage.screen().isOn()', (isOn) => isOn === true);
    await fay.click('screen');
    await isGone(fay, '.picture.screen');
    await fay.until('window.callPage.state().sends.length', (lines) => lines === 0);
  }, 60_000);
});

describe('a camera', () => {
  test('is seen by everybody, from Chromium and from Firefox', async () => {
    await ada.click('camera');
    for (const viewer of [bruno, fay]) await viewer.untilMoves(cameraOf('Ada'));
    await fay.click('camera');
    for (const viewer of [ada, bruno]) await viewer.untilMoves(cameraOf('Fay'));
    expect(await ada.text('#camera')).toContain('Stop camera');
  }, 60_000);

  test('that stops and starts again is seen again on the same line', async () => {
    const before = await sends(ada);
    await ada.click('camera');
    await isGone(bruno, cameraOf('Ada'));
    await ada.click('camera');
    for (const viewer of [bruno, fay]) await viewer.untilMoves(cameraOf('Ada'));
    expect((await sends(ada)).map(({ mid }) => mid)).toEqual(before.map(({ mid }) => mid));
  }, 60_000);

  test('that is unplugged is gone for the others, too', async () => {
    await fay.page.evaluate(
      `document.querySelector('${cameraOf('Fay')}').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))`,
    );
    for (const viewer of [ada, bruno, fay]) await isGone(viewer, cameraOf('Fay'));
  }, 30_000);

  test('that is clicked twice while it begins goes out once', async () => {
    const before = await sends(bruno);
    await bruno.page.evaluate(
      "document.getElementById('camera').click(), document.getElementById('camera').click()",
    );
    await ada.untilMoves(cameraOf('Bruno'));
    expect(await sends(bruno)).toHaveLength(before.length + 1);
    await bruno.click('camera');
    await isGone(ada, cameraOf('Bruno'));
  }, 30_000);
});

describe('a device chosen in mid-call', () => {
  test('replaces camera and microphone without another line', async () => {
    await ada.click('microphone');
    const before = await ada.until<readonly Sent[]>(
      'window.callPage.state().sends',
      (sent) => isSpeakingOn('Default')(sent) && sent.every(({ mid }) => mid !== null),
    );
    await ada.click('showDevices');
    await choose(ada, 'camera', 'fake_device_2');
    await choose(ada, 'microphone', 'Fake Audio Input 2');
    const after = await ada.until<readonly Sent[]>('window.callPage.state().sends', (sent) =>
      ['fake_device_2', 'Fake Audio Input 2'].every((label) => sent.some((one) => one.label === label)),
    );
    expect(after.map(({ mid }) => mid).sort()).toEqual(before.map(({ mid }) => mid).sort());
    for (const viewer of [ada, bruno, fay]) await viewer.untilMoves(cameraOf('Ada'));
  }, 60_000);

  test('plays the others on another loudspeaker', async () => {
    await bruno.click('microphone');
    await ada.until('document.querySelectorAll("#sounds audio").length', (count) => count === 1);
    await choose(ada, 'speaker', 'Fake Audio Output 2');
    const [wanted, used] = await ada.until<readonly string[]>(
      '[document.getElementById("choose-speaker").value, document.querySelector("#sounds audio").sinkId]',
      ([one, other]) => one === other,
    );
    expect(used).toBe(wanted);
  }, 30_000);
});

test('a badge says how well somebody comes through, and opens to the numbers', async () => {
  for (const viewer of [bruno, fay]) {
    const badge = `document.querySelector('${tileOf('Ada')} .badge')`;
    await viewer.until(`${badge}.textContent`, (word) => /^(Good|Fair|Poor)$/.test(String(word)));
    await viewer.page.evaluate(`${badge}.click()`);
    const numbers = `document.querySelector('${tileOf('Ada')} .numbers dl')?.innerText ?? ''`;
    await viewer.until<string>(numbers, (text) =>
      /Loss\s+[\d.]+\s%\s+Round trip\s+\d+\sms\s+Jitter\s+\d+\sms\s+Bitrate\s+[1-9]\d*\skbit\/s\s+Picture\s+\d+\s×\s\d+/.test(
        text,
      ),
    );
    expect(await viewer.page.evaluate(`${badge}.getAttribute('aria-expanded')`)).toBe('true');
  }
}, 60_000);

interface Sent {
  /** Null until it is negotiated. */
  readonly mid: string | null;
  readonly label: string | null;
}

const sends = (caller: Caller): Promise<readonly Sent[]> =>
  caller.page.evaluate('window.callPage.state().sends');

function isSpeakingOn(word: string): (sent: readonly Sent[]) => boolean {
  return (sent) => sent.some(({ label }) => label?.includes(`${word} Audio`) ?? false);
}

/** As a person does in a list. */
async function choose(caller: Caller, what: string, device: string): Promise<void> {
  await caller.until(
    `(() => {
      const list = document.getElementById('choose-${what}');
      const option = [...list.options].find(({ textContent }) => textContent === ${JSON.stringify(device)});
      if (option === undefined) return [...list.options].map(({ textContent }) => textContent).join();
      list.value = option.value;
      list.dispatchEvent(new Event('change'));
      return true;
    })()`,
    (isDone) => isDone === true,
  );
}
