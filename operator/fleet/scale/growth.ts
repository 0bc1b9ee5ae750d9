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

/**
 * People more per second; 0 while they become fewer, or while too little was seen. The lesser slope of the two halves:
 * what grows only in one of them has ended, or is chance.
 */
export function growthPerSecond(samples: readonly Sample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < shortestMs) return 0;
  const middleMs = (first.atMs + last.atMs) / 2;
  const halves = [
    samples.filter(({ atMs }) => atMs <= middleMs),
    samples.filter(({ atMs }) => atMs >= middleMs),
  ];
  return Math.max(0, Math.min(...halves.map(slope)));
}

/** By the least squares; 0 of a single sample. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const middleMs = mean(({ atMs }) => atMs);
  const meanSessions = mean(({ sessions }) => sessions);
  const covariance = mean(({ atMs, sessions }) => (atMs - middleMs) * (sessions - meanSessions));
  const variance = mean(({ atMs }) => (atMs - middleMs) ** 2);
  return variance === 0 ? 0 : (covariance / variance) * 1000;
}

/** A pod that took longer than this was in trouble. */
const longestLeadMs = 1_800_000;
/** That many of the youngest pods are asked. */
const askedPods = 5;
/** As long as nobody has been seen to start. */
const assumedLeadMs = 120_000;

/** From a pod's creation until it was first in DNS: the longest of the last few. */
export function leadTimeMs(pods: readonly PodView[]): number {
  const leads = pods
    .toSorted((a, b) => b.createdMs - a.createdMs)
    .flatMap(({ createdMs, marks }) => (marks.firstPublishedMs ?? Number.NaN) - createdMs)
    .filter((ms) => ms >= 0 && ms <= longestLeadMs)
    .slice(0, askedPods);
  return leads.length === 0 ? assumedLeadMs : Math.max(...leads);
}
