/** Who serves, who leaves and who comes back: the number of pods against the number wanted. */
import { isNodeLost, sessionsOf } from './members.ts';
import type { DrainReason, PodView, Reason } from './pod.ts';

/** What the roster is decided from. */
export interface RosterInput {
  readonly pods: readonly PodView[];
  /** Uids of the pods that pass the publish gate. */
  readonly passing: ReadonlySet<string>;
  readonly wanted: number;
  readonly minPublished: number;
  /** Revision of the current pod template. */
  readonly revision: string;
  /** The cluster is being deleted: all leave. */
  readonly isDeleted: boolean;
}

/** Changes to the roster, by pod uid. */
export interface Roster {
  /** Pods to start draining, with the reason. */
  readonly leaving: ReadonlyMap<string, DrainReason>;
  /** Draining pods that serve again. */
  readonly returning: ReadonlySet<string>;
  /** Pods that may go at once: ended, or outdated before anybody could use them. */
  readonly discarded: ReadonlyMap<string, Reason>;
  /** How many new pods to make. */
  readonly create: number;
}

/** See the file comment. A pod on a lost node keeps its calls, but somebody else serves in its place. */
export function roster(input: RosterInput): Roster {
  const discarded = discardedOf(input);
  const present = input.pods.filter((pod) => !pod.isTerminating && !discarded.has(pod.uid));
  const serving = present.filter((pod) => pod.marks.drain === undefined);
  if (input.isDeleted)
    return { ...nobody, discarded, leaving: new Map(serving.map(({ uid }) => [uid, 'Deletion'])) };
  const active = serving.filter((pod) => !isNodeLost(pod));
  const returning = returningOf(input, present, active);
  const create = Math.max(0, input.wanted - active.length - returning.size);
  const leaving = victims(input, active, active.length + returning.size - input.wanted);
  return { leaving: new Map(leaving.map(({ uid }) => [uid, 'ScaleDown'])), returning, discarded, create };
}

const nobody: Roster = { leaving: new Map(), returning: new Set(), discarded: new Map(), create: 0 };

function discardedOf({ pods, revision, isDeleted }: RosterInput): Map<string, Reason> {
  const discarded = new Map<string, Reason>();
  for (const pod of pods) {
    if (pod.isTerminating) continue;
    if (pod.isDead) discarded.set(pod.uid, dead(pod));
    else if (!isDeleted && pod.revision !== revision && isUnused(pod)) discarded.set(pod.uid, outdated);
  }
  return discarded;
}

function dead(pod: PodView): Reason {
  return {
    reason: 'PodEnded',
    message: pod.problem?.message ?? 'The pod has ended and will not start again',
  };
}

const outdated: Reason = {
  reason: 'Outdated',
  message: 'Made from an older template and never published: replaced at once',
};

/** Never in DNS and no call known: nobody can miss it. */
function isUnused(pod: PodView): boolean {
  return pod.marks.publishedSinceMs === undefined && (sessionsOf(pod) ?? 0) === 0;
}

/** A returning pod is there in seconds, a new one may need a new node; and DNS must not run empty. */
function returningOf(
  { passing, wanted, minPublished, revision }: RosterInput,
  present: readonly PodView[],
  active: readonly PodView[],
): Set<string> {
  const published = active.filter(({ uid }) => passing.has(uid)).length;
  const missing = Math.max(wanted - active.length, minPublished - published);
  const able = present.filter((pod) => pod.marks.drain?.reason === 'ScaleDown' && passing.has(pod.uid));
  const ranked = able.toSorted(
    (a, b) =>
      Number(b.revision === revision) - Number(a.revision === revision) ||
      (sessionsOf(b) ?? 0) - (sessionsOf(a) ?? 0),
  );
  return new Set(ranked.slice(0, Math.max(0, missing)).map(({ uid }) => uid));
}

/** The cheapest to lose first; a pod in DNS only while enough others are. */
function victims(input: RosterInput, active: readonly PodView[], surplus: number): PodView[] {
  let spare = active.filter(({ uid }) => input.passing.has(uid)).length - input.minPublished;
  const chosen: PodView[] = [];
  for (const pod of active.toSorted(byCost(input))) {
    if (chosen.length >= surplus) break;
    if (input.passing.has(pod.uid) && spare-- <= 0) continue;
    chosen.push(pod);
  }
  return chosen;
}

/** Victim order: not in DNS, not ready, older revision, fewest sessions, lowest load, youngest. */
function byCost({ passing, revision }: RosterInput): (a: PodView, b: PodView) => number {
  const load = (pod: PodView): number => (pod.facts?.answered === true ? pod.facts.load : 1);
  return (a, b) =>
    Number(passing.has(a.uid)) - Number(passing.has(b.uid)) ||
    Number(a.isReady) - Number(b.isReady) ||
    Number(a.revision === revision) - Number(b.revision === revision) ||
    compare(sessionsOf(a) ?? Number.MAX_SAFE_INTEGER, sessionsOf(b) ?? Number.MAX_SAFE_INTEGER) ||
    compare(load(a), load(b)) ||
    b.createdMs - a.createdMs ||
    compare(b.name, a.name);
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
