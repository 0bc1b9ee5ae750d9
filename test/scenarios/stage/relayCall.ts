/** A call of people whom only TURN lets out, each by another kind of it, and of a bot that nothing is in the way of. */
import type { Browser } from 'playwright-core';
import type { Bot } from '../../../demo/bots/bot.ts';
import { launchChromium } from '../../../demo/browser/chromium.ts';
import { openParticipant, type Participant } from '../../../demo/browser/participant.ts';
import { measureMatrix } from '../../../demo/matrix/measure.ts';
import type { RelayWay } from '../../../demo/matrix/way.ts';
import { speakers } from '../../../demo/speech/speakers.ts';
import { type Door, sendBot } from '../../../demo/story/calls.ts';
import { eventually } from '../../support/eventually.ts';
import { type Heard, sumOf } from './talk.ts';
import { turnServerName } from './turnStage.ts';

const ways: readonly RelayWay[] = ['udp', 'tcp', 'tls'];

/** See the file comment. */
export interface RelayCall {
  /** Address of the coturn that all of it goes through. */
  readonly coturn: string;
  /** `udp: relay udp turn:…`, of each of the people. */
  paths(): Promise<readonly string[]>;
  /** Rejects with who does not hear whom. */
  allHearAll(): Promise<void>;
  /** Resolves when each of the people has heard more from now on; rejects when one is out of the call. */
  goesOn(): Promise<void>;
  /** Since everybody was heard last. */
  heard(): Promise<Heard>;
  end(): Promise<void>;
}

/** Where it is, and which coturn the name of the TURN servers leads its browser to. */
export interface RelayCallOptions {
  readonly door: Door;
  readonly call: string;
  readonly coturn: string;
}

/** Resolves when all have joined and hear each other. */
export async function startRelayCall({ door, call, coturn }: RelayCallOptions): Promise<RelayCall> {
  const browser = await launchChromium([
    // With a dot at its end the name is looked up for TURN over UDP, without it for the others.
    `--host-resolver-rules=MAP ${turnServerName} ${coturn},MAP ${turnServerName}. ${coturn}`,
    '--ignore-certificate-errors',
  ]);
  const people: Participant[] = [];
  try {
    for (const [at, relay] of ways.entries())
      people.push(
        await openParticipant(browser, { pageUrl: door.pageUrl, call, speaker: speakers[at]!, relay }),
      );
    const bot = await sendBot(door, call, speakers[ways.length]!);
    return callOf(coturn, browser, { people, bot });
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** A browser that is only closed leaves its allocations behind, each for up to ten minutes. */
async function sayGoodbye(people: readonly Participant[], bot: Bot): Promise<void> {
  if (bot.ended() !== undefined || people.every(({ page }) => page.isClosed())) return;
  await Promise.all(people.map(({ page }) => page.evaluate('window.callPage.leave()')));
  await eventually(() => (bot.people().length === 1 ? undefined : 'somebody has not left'));
}

function callOf(
  coturn: string,
  browser: Browser,
  { people, bot }: { readonly people: readonly Participant[]; readonly bot: Bot },
): RelayCall {
  const tones = speakers.slice(0, ways.length + 1).map(({ toneHz }) => toneHz);
  const heardBy = async (): Promise<Heard[]> =>
    (await Promise.all(people.map((person) => person.hear([])))).map(({ voices }) => sumOf(voices));
  return {
    coturn,
    paths: () =>
      Promise.all(
        people.map(async (person, at) => {
          const way = await person.way();
          return `${ways[at] ?? ''}: ${way?.kind ?? 'none'} ${way?.relayProtocol ?? ''} ${way?.url ?? ''}`;
        }),
      ),
    allHearAll: async () => {
      const { missing } = await measureMatrix([...people, bot], tones);
      if (missing.length > 0) throw new Error(missing.join('; '));
    },
    goesOn: async () => {
      const before = await heardBy();
      await eventually(
        async () => {
          const now = await heardBy();
          const deaf = people.filter((_, at) => (now[at]?.packets ?? 0) <= (before[at]?.packets ?? 0));
          return deaf.length === 0 ? undefined : `${deaf.map((one) => one.name).join(', ')} hear nobody`;
        },
        { timeoutMs: 30_000, intervalMs: 500 },
      );
      const states = await Promise.all(people.map((person) => person.state()));
      const out = states.filter(({ isOver, connection }) => isOver || connection !== 'connected');
      if (out.length > 0) throw new Error(`out of the call: ${JSON.stringify(out)}`);
    },
    heard: async () => sumOf(await heardBy()),
    end: async () => {
      await sayGoodbye(people, bot);
      bot.leave();
      await browser.close();
    },
  };
}
