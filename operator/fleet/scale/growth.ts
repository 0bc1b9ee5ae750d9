/** How fast the demand grows, and how long a pod takes to be of use. */
import type { PodView } from '../pod.ts';

/** How many people there were at a moment. */
export interface Sample {
  readonly atMs: number;
  readonly sessions: number;
}

/** Longest that samples are kept, and the slope is taken over. */
const longestMs = 180_000;
/** Shortest: a slope of less is noise. */
const shortestMs = 20_000;
/** Samples are at least this far apart. */
const spacingMs = 5_000;

/** The samples with one more, unless the last is too fresh; the old ones go. */
export function sampled(samples: readonly Sample[], now: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && now.atMs - last.atMs < spacingMs) return samples;
  return [...samples.filter(({ atMs }) => now.atMs - atMs <= longestMs), now];
}

/** People more per second, by the least squares; 0 while they become fewer, or while too little was seen. */
export function growthPerSecond(samples: readonly Sample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < shortestMs) return 0;
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const seconds = ({ atMs }: Sample): number => (atMs - first.atMs) / 1000;
  const meanSeconds = mean(seconds);
  const meanSessions = mean(({ sessions }) => sessions);
  const covariance = mean((sample) => (seconds(sample) - meanSeconds) * (sample.sessions - meanSessions));
  const variance = mean((sample) => (seconds(sample) - meanSeconds) ** 2);
  return Math.max(0, covariance / variance);
}

/** A pod that took longer than this was in trouble, or has been in DNS before. */
const longestLeadMs = 1_800_000;
/** That many of the youngest pods are asked. */
const askedPods = 5;
/** As long as nobody has been seen to start. */
const assumedLeadMs = 120_000;

/** From a pod's creation to DNS: the longest of the last few. */
export function leadTimeMs(pods: readonly PodView[]): number {
  const leads = pods
    .toSorted((a, b) => b.createdMs - a.createdMs)
    .flatMap(({ createdMs, marks }) => (marks.publishedSinceMs ?? Number.NaN) - createdMs)
    .filter((ms) => ms >= 0 && ms <= longestLeadMs)
    .slice(0, askedPods);
  return leads.length === 0 ? assumedLeadMs : Math.max(...leads);
}
