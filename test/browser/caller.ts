/** A person at a call page, in Chromium or Firefox alike: what both drivers can do is run code in a page. */
import type { CallPage } from '../sfu/call/browser.ts';
import { eventually } from '../support/eventually.ts';

/** A person in a call. */
export interface Caller {
  readonly name: string;
  readonly page: CallPage;
  /** Clicks a button of the page by its id. */
  click(id: string): Promise<void>;
  /** The text of an element. */
  text(selector: string): Promise<string>;
  /** How many elements there are and can be seen. */
  count(selector: string): Promise<number>;
  /** Resolves when a picture moves: `colour` is the one it must have in its middle, default any. */
  untilMoves(selector: string, colour?: Colour): Promise<void>;
  /** Resolves when `expression`, run in the page, is as wanted. */
  until<T>(expression: string, isWanted: (value: T) => boolean): Promise<T>;
}

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

const patience = { timeoutMs: 20_000, intervalMs: 150 };

/** Joins muted; `more` goes into the link. */
export async function joinAs(
  page: CallPage,
  pageUrl: string,
  person: { readonly name: string; readonly call: string; readonly more?: Readonly<Record<string, string>> },
): Promise<Caller> {
  const { name, call, more } = person;
  await page.goto(`${pageUrl}/?${new URLSearchParams({ call, name, ...more }).toString()}`);
  const caller = callerOn(page, name);
  await caller.until<string>('document.getElementById("status").textContent', (text) => text === 'Connected');
  return caller;
}

function callerOn(page: CallPage, name: string): Caller {
  const ask = <T>(expression: string): Promise<T> => page.evaluate(expression);
  const until = async <T>(expression: string, isWanted: (value: T) => boolean): Promise<T> => {
    let value: T | undefined;
    await eventually(async () => {
      value = await ask<T>(expression);
      return isWanted(value) ? undefined : `${name}: ${expression} is ${JSON.stringify(value)}`;
    }, patience);
    return value!;
  };
  return {
    name,
    page,
    until,
    click: (id) => ask(`document.getElementById(${JSON.stringify(id)}).click()`),
    text: (selector) => ask(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`),
    count: (selector) =>
      ask(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility()).length`,
      ),
    async untilMoves(selector, colour) {
      const first = await until<Frame>(frameOf(selector), ({ width }) => width > 0);
      await until<Frame>(
        frameOf(selector),
        (frame) => frame.seconds > first.seconds && (colour === undefined || isNear(frame.middle, colour)),
      );
    },
  };
}

interface Frame {
  readonly width: number;
  readonly seconds: number;
  readonly middle: readonly number[];
}

/** Runs in the page. */
function frameOf(selector: string): string {
  return `(() => {
    const video = document.querySelector(${JSON.stringify(selector)});
    if (!video?.checkVisibility() || video.videoWidth === 0) return { width: 0, seconds: 0, middle: [] };
    const context = Object.assign(document.createElement('canvas'), { width: 16, height: 16 }).getContext('2d');
    context.drawImage(video, 0, 0, 16, 16);
    const middle = [...context.getImageData(8, 8, 1, 1).data].slice(0, 3);
    return { width: video.videoWidth, seconds: video.currentTime, middle };
  })()`;
}

function isNear(middle: readonly number[], colour: Colour): boolean {
  return colour.every((value, at) => Math.abs(value - (middle[at] ?? -1000)) < 90);
}
