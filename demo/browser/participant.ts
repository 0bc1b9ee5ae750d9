/** A person in a browser page, driven from outside. */
import type { Browser, Page } from 'playwright-core';

import type { Hearing, Listener, ToneLevel } from '../matrix/hearing.ts';
import type { RelayWay, Way } from '../matrix/way.ts';
import type { Person } from '../page/server/pageMessages.ts';
import type { Speaker } from '../speech/speakers.ts';

/** Options of `openParticipant`. */
export interface ParticipantOptions {
  readonly pageUrl: string;
  readonly call: string;
  readonly speaker: Pick<Speaker, 'name' | 'toneHz'>;
  /** Signals over the data channel. Default false, as the plugin's setting. */
  readonly dcSignaling?: boolean;
  /** Behind a firewall that lets only this kind of TURN through. Default: none is in the way. */
  readonly relay?: RelayWay;
  /** Default light. */
  readonly colorScheme?: 'light' | 'dark';
}

/** What `window.callPage.state()` tells. */
export interface PageState {
  readonly sessionID: string;
  readonly isMuted: boolean;
  readonly isOver: boolean;
  readonly people: readonly Person[];
  /** Voices of others that play. */
  readonly voices: number;
  readonly connection: string;
}

/** A page in a call. */
export interface Participant extends Listener {
  readonly page: Page;
  state(): Promise<PageState>;
  setMuted(isMuted: boolean): Promise<void>;
  /** Leaves and closes the page. */
  leave(): Promise<void>;
}

interface PageReport {
  readonly roundTripMs?: number;
  readonly voices: readonly {
    readonly mid: string;
    readonly packets: number;
    readonly lost: number;
    readonly jitterBufferMs?: number;
  }[];
  readonly heard: readonly { readonly mid: string; readonly tones: readonly ToneLevel[] }[];
}

const joinTimeoutMs = 30_000;

/** Joins and unmutes with the speaker's voice. Rejects with what the page shows when that fails. */
export async function openParticipant(browser: Browser, options: ParticipantOptions): Promise<Participant> {
  const { name, toneHz } = options.speaker;
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? 'light',
    viewport: { width: 1180, height: 720 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('domcontentloaded', () => complaints.splice(0)); // What kept an earlier try from loading is over.
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  const query = new URLSearchParams({
    ...{ call: options.call, name, auto: '1', speech: name, tone: String(toneHz) },
    ...(options.dcSignaling === true ? { dc: '1' } : {}),
    ...(options.relay !== undefined ? { relay: options.relay } : {}),
  });
  await page.goto(`${options.pageUrl}/?${query.toString()}`);
  const state = (): Promise<PageState> => ask<PageState>(page, 'window.callPage.state()');
  await page
    .waitForFunction(
      'window.callPage?.state().isOver === true || window.callPage?.state().isMuted === false',
      {
        timeout: joinTimeoutMs,
      },
    )
    .catch((error: unknown) => complaints.push(String(error)));
  const status = (await page.textContent('#status')) ?? '';
  if (complaints.length > 0 || (await state()).isOver)
    throw new Error(`${name} could not join: ${[status, ...complaints].join('; ')}`);
  return {
    name,
    page,
    state,
    way: () => ask<Way | undefined>(page, 'window.callPage.way()'),
    setMuted: (isMuted) => ask(page, `window.callPage.setMuted(${isMuted})`),
    voices: async () => (await state()).voices,
    openWindow: () => ask(page, 'window.callPage.openWindow()'),
    hear: async (tonesHz) =>
      hearingOf(
        options.speaker,
        await ask<PageReport>(page, `window.callPage.report(${JSON.stringify(tonesHz)})`),
      ),
    leave: async () => {
      await ask(page, 'window.callPage.leave()');
      await context.close();
    },
  };
}

/** The page's answer, which is plain data. */
async function ask<T>(page: Page, expression: string): Promise<T> {
  return await page.evaluate<T>(expression);
}

/** Joins getStats and what the analysers heard by mid. */
function hearingOf(speaker: Pick<Speaker, 'name' | 'toneHz'>, report: PageReport): Hearing {
  return {
    name: speaker.name,
    toneHz: speaker.toneHz,
    ...(report.roundTripMs === undefined ? {} : { roundTripMs: report.roundTripMs }),
    voices: report.voices.map(({ mid, ...counts }) => ({
      ...counts,
      delaysMs: [],
      tones: report.heard.find((one) => one.mid === mid)?.tones ?? [],
    })),
  };
}
