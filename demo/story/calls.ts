/** People and bots of the story's calls. */
import { availableParallelism, loadavg } from 'node:os';

import type { Browser } from 'playwright-core';

import { type Bot, joinBot } from '../bots/bot.ts';
import { openParticipant, type Participant } from '../browser/participant.ts';
import type { Listener } from '../matrix/hearing.ts';
import { matrixLegend, renderMatrix } from '../matrix/table.ts';
import { measureMatrix } from '../matrix/measure.ts';
import type { Matrix } from '../matrix/matrix.ts';
import { countWays, type WayCounts, wayText } from '../matrix/way.ts';
import { type Speaker, speakers } from '../speech/speakers.ts';
import { loadSpeech } from '../speech/speech.ts';

/** Where calls are joined. */
export interface Door {
  readonly pageUrl: string;
  readonly speechDir: string;
}

/** A bot that speaks. */
export async function sendBot(door: Door, call: string, speaker: Speaker): Promise<Bot> {
  const speech = await loadSpeech(door.speechDir, speaker.name);
  const bot = await joinBot({ pageUrl: door.pageUrl, call, speaker, speech });
  await bot.unmute();
  return bot;
}

/** The big call: three people in browser pages and two bots. */
export interface Meeting {
  readonly people: readonly Participant[];
  readonly bots: readonly Bot[];
  /** Where the people's pages are. */
  readonly browser: Browser;
}

/** All of them. */
export function listenersOf({ people, bots }: Pick<Meeting, 'people' | 'bots'>): readonly Listener[] {
  return [...people, ...bots];
}

/** Everybody joins and speaks. One of the pages is in dark mode, behind a firewall that only TURN leads out of; one signals over the data channel. */
export async function startMeeting(door: Door, call: string, browser: Browser): Promise<Meeting> {
  const [ada, bruno, chloe, dimitra, emil] = speakers as readonly [
    Speaker,
    Speaker,
    Speaker,
    Speaker,
    Speaker,
  ];
  const { pageUrl } = door;
  const people = [
    await openParticipant(browser, { pageUrl, call, speaker: ada }),
    await openParticipant(browser, { pageUrl, call, speaker: bruno, colorScheme: 'dark', relay: 'udp' }),
    await openParticipant(browser, { pageUrl, call, speaker: chloe, dcSignaling: true }),
  ];
  return { people, bots: [await sendBot(door, call, dimitra), await sendBot(door, call, emil)], browser };
}

/** Measures who hears whom and prints it. Throws when a pair is missing, naming each. */
export async function showMatrix(listeners: readonly Listener[]): Promise<Matrix> {
  const tones = speakers.filter(({ name }) => listeners.some((listener) => listener.name === name));
  const matrix = await measureMatrix(
    listeners,
    tones.map(({ toneHz }) => toneHz),
  );
  process.stdout.write(`\n${renderMatrix(matrix).join('\n')}\n${matrixLegend}\n\n`);
  if (matrix.missing.length > 0)
    throw new Error(`not everybody hears everybody${strain()}:\n  ${matrix.missing.join('\n  ')}`);
  return matrix;
}

/** Browsers that get too little of the CPU play what is late as silence: then it says nothing of the pods. */
function strain(): string {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  return load > 3 * cores ? ` (this machine has a load of ${load.toFixed(0)} on ${cores} cores)` : '';
}

/** Prints which way each one's media takes. Throws when somebody has none, or nobody is relayed. */
export async function showWays(listeners: readonly Listener[]): Promise<WayCounts> {
  const ways = await Promise.all(listeners.map((listener) => listener.way()));
  const lines = listeners.map(({ name }, at) => `  ${name}: ${wayText(ways[at])}`);
  process.stdout.write(`${lines.join('\n')}\n\n`);
  const counts = countWays(ways);
  if (counts.relayed === 0 || counts.direct + counts.relayed < listeners.length)
    throw new Error(`not everybody goes the way that was meant:\n${lines.join('\n')}`);
  return counts;
}
