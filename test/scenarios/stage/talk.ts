/** Two bots in a call of their own who talk without a pause: the witnesses of what an operation did to calls. */
import { type Bot, joinBot } from '../../../demo/bots/bot.ts';
import type { Place } from '../../../demo/page/server/pageMessages.ts';
import { speakers } from '../../../demo/speech/speakers.ts';
import { loadSpeech } from '../../../demo/speech/speech.ts';
import type { Door } from '../../../demo/story/calls.ts';
import { eventually } from '../../support/eventually.ts';

/** What the bots of one call have heard of each other since it began. */
export interface Heard {
  readonly packets: number;
  readonly lost: number;
}

/** One call. */
export interface Talk {
  readonly call: string;
  /** Where the plugin put it. */
  readonly place: Place;
  /** Why it was no whole call any more before it ended; undefined for one that both were in to its end. */
  dropped(): string | undefined;
  /** Resolves when each bot has heard the other once more from now on. */
  goesOn(): Promise<void>;
  heard(): Promise<Heard>;
  /** What the last `heard` said: a call that has ended is asked no more. */
  lastHeard(): Heard;
  /** Both leave. */
  end(): void;
}

/** Joins both bots; resolves when they hear each other. */
export async function startTalk(door: Door, call: string): Promise<Talk> {
  const bots: Bot[] = [];
  for (const speaker of speakers.slice(0, 2)) {
    const speech = await loadSpeech(door.speechDir, speaker.name);
    const bot = await joinBot({ pageUrl: door.pageUrl, call, speaker, speech });
    bots.push(bot);
    await bot.unmute();
  }
  const [first] = bots;
  if (first === undefined) throw new Error('nobody speaks');
  let last: Heard = { packets: 0, lost: 0 };
  const lostBy = (): string | undefined =>
    bots.flatMap((bot) => bot.ended() ?? []).find((reason) => reason !== '');
  /** What it was when they left: what the server says to that is no drop. */
  let atEnd: { readonly lostBy: string | undefined } | undefined;
  const talk: Talk = {
    call,
    place: first.place,
    dropped: () => (atEnd === undefined ? lostBy() : atEnd.lostBy),
    goesOn: async () => {
      const before = await packetsOf(bots);
      await eventually(
        async () => {
          const now = await packetsOf(bots);
          const deaf = bots.filter((_, at) => (now[at] ?? 0) <= (before[at] ?? 0));
          return deaf.length === 0
            ? undefined
            : `${call}: ${deaf.map(({ name }) => name).join(' and ')} hears nobody`;
        },
        { timeoutMs: 30_000 },
      );
    },
    heard: async () => {
      const voices = (await Promise.all(bots.map((bot) => bot.hear([])))).flatMap(
        (hearing) => hearing.voices,
      );
      last = sumOf(voices);
      return last;
    },
    lastHeard: () => last,
    end: () => {
      atEnd ??= { lostBy: lostBy() };
      bots.forEach((bot) => bot.leave());
    },
  };
  await talk.goesOn();
  return talk;
}

/** All of it together. */
export function sumOf(parts: readonly Heard[]): Heard {
  return {
    packets: parts.reduce((sum, { packets }) => sum + packets, 0),
    lost: parts.reduce((sum, { lost }) => sum + lost, 0),
  };
}

async function packetsOf(bots: readonly Bot[]): Promise<number[]> {
  const hearings = await Promise.all(bots.map((bot) => bot.hear([])));
  return hearings.map(({ voices }) => sumOf(voices).packets);
}
