/**
 * Pure: how far away the aims are that were missed, worked out from the same run, and what of it the run has looked into.
 * It says no cause that was not measured.
 */
import { type Bar, bars, foundOf, verdictOf } from './bars.ts';
import type { Extras } from './extras.ts';
import { measureOf, type Round, valueOf } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { medianOf } from './summary.ts';
import type { RoundsByScenario } from './tables.ts';

/** A run, as far as this looks at it. */
export interface Seen extends Pick<Extras, 'floors' | 'profiles'> {
  readonly played: RoundsByScenario;
}

/** A bar whose aim was missed, with the rounds that say so. */
interface Miss {
  readonly bar: Bar;
  readonly rounds: readonly Round[];
}

const mebibyte = 2 ** 20;
/** What is told of a bar beside its figures, by the measure that it asks for. */
const told: Readonly<Record<string, (miss: Miss, seen: Seen) => string>> = {
  cpuPerPacketUs: packetText,
  memoryPerSessionMiB: () => 'What a session keeps has no profile here.',
  residentMiB: memoryText,
  halfSaturationDelayP99Ms: delayText,
};

/** The section of the page; nothing when every aim was reached, or only such as there is nothing to say about. */
export function shortfallLines(seen: Seen): readonly string[] {
  const lines = bars.flatMap((bar) => {
    const rounds = seen.played.get(bar.scenario) ?? [];
    const tell = bar.of === 'ratio' ? told[bar.measure] : undefined;
    const isMissed = rounds.length > 0 && verdictOf(bar, foundOf(bar, rounds)) !== 'aim reached';
    return tell === undefined || !isMissed
      ? []
      : [`- ${apart({ bar, rounds })} ${tell({ bar, rounds }, seen)}`];
  });
  if (lines.length === 0) return [];
  const note =
    'Worked out from this run. The bars are medians of the ratios of rounds, what follows divides medians: they differ a little.';
  return ['### Aims that were missed', '', note, '', ...lines, ''];
}

/** What was found, what was to be, and what lies between. */
function apart({ bar, rounds }: Miss): string {
  const measure = measureOf(bar.measure);
  const [ours, rtcd] = [valueOf(rounds, 'ours', measure), valueOf(rounds, 'rtcd', measure)];
  const shown = (value: number): string => value.toFixed(measure.digits);
  const aim = `the aim of ${bar.aim} is ${shown(rtcd * bar.aim)} of rtcd’s ${shown(rtcd)}, and we have ${shown(ours)}`;
  return `**${bar.name}** (${bar.scenario}, ${measure.title}): found ${foundOf(bar, rounds).toFixed(2)}; ${aim}.`;
}

function packetText({ bar, rounds }: Miss, { floors, profiles }: Seen): string {
  const profile = profiles.ours;
  if (profile?.scenario !== bar.scenario) return unseenText(bar);
  const floor = Math.min(...floors.map(({ results }) => medianOf(results.map((one) => one.cpuPerPacketUs))));
  const wanted = valueOf(rounds, 'rtcd', measureOf(bar.measure)) * bar.aim;
  const alone = Number.isFinite(floor)
    ? `The bare media worker alone costs ${floor.toFixed(1)}: ${floor > wanted ? 'more than the aim, whatever server is around it.' : 'the rest is ours to save.'} `
    : '';
  const parts = profile.parts.map(
    ({ name, share }) => `${(share * profile.cpuPerPacketUs).toFixed(1)} ${name.split(/[:,]/)[0] ?? ''}`,
  );
  return `${alone}Our ${profile.cpuPerPacketUs.toFixed(1)} under perf(1) were ${parts.join(', ')}.`;
}

/** Of a load without a profile. */
function unseenText({ scenario: name }: Bar): string {
  const people = scenarios.find((one) => one.name === name)?.peoplePerCall ?? NaN;
  const out = people - 1;
  const copies = `Each packet that comes in goes out ${out === 1 ? 'once' : `${out} times`} here, so that what one costs to receive is shared by ${out}.`;
  return `${copies} No profile was taken under this load: which part costs what is not known.`;
}

function memoryText({ bar, rounds }: Miss): string {
  const before = (side: keyof Round): number =>
    medianOf(rounds.map((round) => round[side].memory.before)) / mebibyte;
  const wanted = valueOf(rounds, 'rtcd', measureOf(bar.measure)) * bar.aim;
  const sessions = rounds[0]?.ours.sessions ?? NaN;
  const room = `With that begin the aim leaves ${((wanted - before('ours')) / sessions).toFixed(2)} for each of ${sessions} sessions`;
  const uses = valueOf(rounds, 'ours', measureOf('memoryPerSessionMiB')).toFixed(2);
  return `Before the first join we have ${before('ours').toFixed(0)}, rtcd ${before('rtcd').toFixed(0)}. ${room}; they take ${uses}.`;
}

function delayText({ bar, rounds }: Miss): string {
  const { of } = measureOf(bar.measure);
  const each = rounds.map(({ ours, rtcd }) => (of(ours) / of(rtcd)).toFixed(2)).join(', ');
  const half = (side: keyof Round): string =>
    (valueOf(rounds, side, measureOf('saturationPacketsPerSecond')) / 2).toFixed(0);
  return `Each server is at half of its own saturation: ours at ${half('ours')} packets a second, rtcd at ${half('rtcd')}. Ratios of single rounds: ${each}. Why packets are late has not been looked into.`;
}
