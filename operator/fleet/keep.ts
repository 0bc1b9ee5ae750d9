/** PURE: the pods that stay in DNS although their gate is closed, because too few others pass: those most likely to serve. */
import type { PodView } from './pod.ts';
import type { GateDecision } from './publish.ts';
import { wordsOf } from './words.ts';

/** A pod and what its gate says. */
export interface Candidate {
  readonly pod: PodView;
  readonly gate: GateDecision;
}

/**
 * Which stay, by uid, and in words why these. Pods that are not ready cannot be kept: Kubernetes withdraws them itself.
 */
export function keptForMinimum(
  candidates: readonly Candidate[],
  minPublished: number,
): ReadonlyMap<string, string> {
  const passing = candidates.filter(({ gate }) => gate.ok).length;
  const keepable = candidates
    .filter(({ pod, gate }) => !gate.ok && isKeepable(pod))
    .toSorted((a, b) => differing(a, b)?.by ?? (a.pod.name < b.pod.name ? -1 : 1));
  const count = Math.max(0, minPublished - passing);
  const next = keepable[count];
  return new Map(keepable.slice(0, count).map((one) => [one.pod.uid, whyKept(one, next)]));
}

/** Whether a pod whose gate is closed could stay in DNS, where it is. */
export function isKeepable({ isReady, marks: { isPublished, address, drain } }: PodView): boolean {
  return isReady && isPublished && address !== '' && drain === undefined;
}

/** What tells two of them apart, the weightiest first; the smaller value stays. */
interface Measure {
  readonly of: (candidate: Candidate) => number;
  /** What it says of the one that stays. */
  readonly words: string;
}

/** Closed gates by how much harm a pod behind one does in DNS; those not named come after all of these. */
const harm = ['AddressNotPublic', 'AddressNotReachable', 'ProbeFailed'];

const measures: readonly Measure[] = [
  { of: ({ gate }) => harmOf(gate), words: 'what is wrong with it matters less' },
  { of: ({ pod }) => Number(pod.node?.isReady !== true), words: 'Kubernetes hears of its node' },
  { of: ({ pod }) => Number(pod.facts?.answered !== true), words: 'its API answers' },
  { of: failuresOf, words: 'it has failed fewer probe calls' },
  {
    of: ({ pod }) => pod.marks.publishedSinceMs ?? Number.MAX_SAFE_INTEGER,
    words: 'it has been there for longer',
  },
];

function harmOf(gate: GateDecision): number {
  const index = gate.ok ? 0 : harm.indexOf(gate.reason);
  return index === -1 ? harm.length : index;
}

function failuresOf({ pod: { facts } }: Candidate): number {
  const probe = facts?.answered === true ? facts.probe : undefined;
  return (probe?.media?.failures ?? 0) + (probe?.reach?.failures ?? 0);
}

/** The first measure that tells them apart, and by how much; undefined: nothing but their names does. */
function differing(a: Candidate, b: Candidate): { readonly by: number; readonly words: string } | undefined {
  return measures.map(({ of, words }) => ({ by: of(a) - of(b), words })).find(({ by }) => by !== 0);
}

function whyKept(one: Candidate, next: Candidate | undefined): string {
  const why = `kept for ${wordsOf(one.pod).keptFor}`;
  const words = next && differing(one, next)?.words;
  return words === undefined ? why : `${why}, rather than ${next?.pod.name ?? ''}, because ${words}`;
}
