/** Both servers in turn, round after round, until there are enough of them or the time is over. */
import type { Program } from '../contract/server.ts';
import type { ServerKind } from '../contract/quirk.ts';
import type { Say } from '../setup/progress.ts';
import { measureOf, ratioOf, type Round } from './measures.ts';
import { playOn } from './onGenerator.ts';
import type { Phases, RunResult } from './run.ts';
import type { Scenario } from './scenarios.ts';

/** A run that was played again, since a round needs both. */
export interface Repeat {
  readonly scenario: string;
  readonly kind: ServerKind;
  readonly reason: string;
}

/** What came of it. */
export interface Bench {
  /** Counted rounds by scenario, in the order of the scenarios. */
  readonly played: ReadonlyMap<string, readonly Round[]>;
  readonly repeats: readonly Repeat[];
  /** Scenarios that were given up, and why. */
  readonly failed: readonly Repeat[];
}

/** What is played. */
export interface BenchOrder {
  readonly programs: Readonly<Record<ServerKind, Program>>;
  readonly scenarios: readonly Scenario[];
  /** Counted ones, of each scenario; one more is played first and thrown away. */
  readonly rounds: number;
  /** Begins no round that would not end in this time; the first counted one is always played. */
  readonly minutes: number;
  readonly say: Say;
}

const phases: Phases = { settleSeconds: 1, windowSeconds: 5, afterSeconds: 1 };
const attempts = 3;

/** Pure: whether another round ends before `limitMs`, if it takes as long as the last one. */
export function hasTime(tookMs: readonly number[], limitMs: number): boolean {
  const spentMs = tookMs.reduce((sum, ms) => sum + ms, 0);
  return tookMs.length < 2 || spentMs + (tookMs.at(-1) ?? 0) <= limitMs;
}

/** Pure: what a failed run said, in one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = text.split('\n').filter((line) => /^\w*Error: /.test(line));
  return (said.at(-1) ?? text.split('\n')[0] ?? '').replace(/^\w*Error: /, '');
}

/** Every scenario once in each round, so that a machine that changes meanwhile changes for all. */
export async function playRounds(order: BenchOrder): Promise<Bench> {
  const played = new Map<string, Round[]>(order.scenarios.map(({ name }) => [name, []]));
  const [repeats, failed]: [Repeat[], Repeat[]] = [[], []];
  const tookMs: number[] = [];
  // The first round warms caches up, and is thrown away; what is played once or twice is not in it.
  for (let number = 0; number <= order.rounds && hasTime(tookMs, order.minutes * 60_000); number += 1) {
    const startedMs = performance.now();
    for (const scenario of order.scenarios.filter((one) => isPlayed(one, number))) {
      const round = await playBoth(order, scenario, { number, repeats, failed });
      if (round !== undefined && number > 0) played.get(scenario.name)!.push(round);
    }
    tookMs.push(performance.now() - startedMs);
  }
  return { played, repeats, failed };
}

function isPlayed({ rounds }: Scenario, number: number): boolean {
  return rounds === undefined || (number > 0 && number <= rounds);
}

interface Sheet {
  readonly number: number;
  readonly repeats: Repeat[];
  readonly failed: Repeat[];
}

/** Who comes first changes from round to round: what a machine does in a rhythm is not one's alone. */
async function playBoth(order: BenchOrder, scenario: Scenario, sheet: Sheet): Promise<Round | undefined> {
  const kinds: readonly ServerKind[] = sheet.number % 2 === 0 ? ['ours', 'rtcd'] : ['rtcd', 'ours'];
  const results: Partial<Record<ServerKind, RunResult>> = {};
  for (const kind of kinds) {
    const result = await playAgain(order, { scenario, kind }, sheet);
    if (result === undefined) return undefined;
    results[kind] = result;
  }
  const round = results as Round;
  order.say(
    `round ${sheet.number}, ${scenario.name}: ${costsOf(round)}${sheet.number === 0 ? ' (not counted)' : ''}`,
  );
  return round;
}

/** In words; a scenario without media has no packet that costs. */
function costsOf(round: Round): string {
  const ratio = ratioOf([round], measureOf('cpuPerPacketUs'));
  return Number.isNaN(ratio)
    ? 'played'
    : `${round.ours.cpuPerPacketUs.toFixed(1)} and ${round.rtcd.cpuPerPacketUs.toFixed(1)} µs a packet, ratio ${ratio.toFixed(2)}`;
}

/** Undefined when no attempt was one. */
async function playAgain(
  { programs, say }: BenchOrder,
  { scenario, kind }: { readonly scenario: Scenario; readonly kind: ServerKind },
  { repeats, failed }: Sheet,
): Promise<RunResult | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt += 1)
    try {
      return await playOn(programs[kind], { scenario, phases });
    } catch (error) {
      const repeat = { scenario: scenario.name, kind, reason: reasonOf(error) };
      (attempt === attempts ? failed : repeats).push(repeat);
      say(`${scenario.name} on ${kind}, attempt ${attempt} of ${attempts}: ${repeat.reason}`);
    }
  return undefined;
}
