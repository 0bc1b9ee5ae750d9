/** Pure: what is asked of our server, of the ratio to rtcd or of its own figure. */
import { measureOf, ratioOf, type Round, valueOf } from './measures.ts';

/** At most this. Ratios to rtcd carry over to other machines, as times do not. */
export interface Bar {
  readonly name: string;
  readonly scenario: string;
  /** See `measureOf`. */
  readonly measure: string;
  /** Whether the ratio to rtcd is asked, or our own figure. */
  readonly of: 'ratio' | 'ours';
  readonly must: number;
  readonly aim: number;
}

const ratio = (must: number, aim: number): Pick<Bar, 'of' | 'must' | 'aim'> => ({ of: 'ratio', must, aim });
const ours = (must: number, aim = must): Pick<Bar, 'of' | 'must' | 'aim'> => ({ of: 'ours', must, aim });
/** People who are there when others join. */
const present = [0, 10, 50];

/** In the order of the report. */
export const bars: readonly Bar[] = [
  {
    ...{ name: 'CPU of a packet, one call of 50', scenario: '1x50-u2', measure: 'cpuPerPacketUs' },
    ...ratio(0.6, 0.35),
  },
  {
    ...{ name: 'CPU of a packet, 50 calls of two', scenario: '50x2-u2', measure: 'cpuPerPacketUs' },
    ...ratio(0.6, 0.35),
  },
  {
    ...{ name: 'memory that a session adds', scenario: '20x10-u1', measure: 'memoryPerSessionMiB' },
    ...ratio(0.6, 0.25),
  },
  {
    ...{ name: 'memory at 200 sessions', scenario: '20x10-u1', measure: 'residentMiB' },
    ...ratio(1.2, 0.8),
  },
  ...present.flatMap((people): Bar[] => {
    const [name, storm] = [`join at 10 a second among ${people}`, `join10At10PerSecondAmong${people}`];
    return [
      { name: `${name}, p99`, scenario: 'joins', measure: `${storm}P99Ms`, ...ratio(1, 1) },
      { name: 'the same in ms', scenario: 'joins', measure: `${storm}P99Ms`, ...ours(500) },
      { name: 'its median in ms', scenario: 'joins', measure: `${storm}P50Ms`, ...ours(150) },
    ];
  }),
  {
    ...{
      name: 'delay p99 at half of saturation',
      scenario: 'saturation',
      measure: 'halfSaturationDelayP99Ms',
    },
    ...ratio(1, 1),
  },
  {
    ...{ name: 'the same in ms', scenario: 'saturation', measure: 'halfSaturationDelayP99Ms' },
    ...ours(5),
  },
  {
    ...{
      name: '% lost at 70 % of saturation',
      scenario: 'saturation',
      measure: 'lostAt70PercentOfSaturationPercent',
    },
    ...ours(0),
  },
  {
    ...{
      name: 'event loop p99 in ms, 50 joins at once',
      scenario: 'join-50-at-once',
      measure: 'join50At1000PerSecondAmong0EventLoopP99Ms',
    },
    ...ours(50, 10),
  },
  { name: 'cores, 100 people in ten calls', scenario: '10x10-u2', measure: 'cores', ...ours(0.5) },
  { name: 'MiB, 100 people in ten calls', scenario: '10x10-u2', measure: 'residentMiB', ...ours(512) },
  { name: 'cores, 100 people in one call', scenario: '1x100-u2', measure: 'cores', ...ours(0.5) },
  { name: 'MiB, 100 people in one call', scenario: '1x100-u2', measure: 'residentMiB', ...ours(512) },
  { name: 'cores without a session', scenario: 'idle', measure: 'cores', ...ours(0.002) },
];

/** What a bar is about, as it was found. */
export function foundOf({ measure, of }: Bar, rounds: readonly Round[]): number {
  return of === 'ratio' ? ratioOf(rounds, measureOf(measure)) : valueOf(rounds, 'ours', measureOf(measure));
}

/** How a figure stands to a bar. */
export type Verdict = 'aim reached' | 'must reached' | 'missed';

/** See `Verdict`; a figure that is not known has missed. */
export function verdictOf({ must, aim }: Pick<Bar, 'must' | 'aim'>, found: number): Verdict {
  if (found <= aim) return 'aim reached';
  return found <= must ? 'must reached' : 'missed';
}
