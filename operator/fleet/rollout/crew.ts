/** The pods of a rollout by the part they play. */
import type { Departures } from '../departures.ts';
import { isNodeLost, sessionsOf } from '../members.ts';
import type { PodView } from '../pod.ts';
import { isCordoned } from '../requests.ts';

/** See the file comment. None of them is terminating or ended. */
export interface Crew {
  readonly live: readonly PodView[];
  /** Of the revision that pods are to be of. */
  readonly updated: readonly PodView[];
  readonly outdated: readonly PodView[];
  /** Outdated ones that were never in DNS and have no call: nobody can miss them, unless a person keeps them. */
  readonly unused: readonly PodView[];
  /** Those that count as serving: nobody wants them gone, their node is there. */
  readonly serving: readonly PodView[];
  /** Those of the serving that are in DNS, or will be in a moment. */
  readonly available: readonly PodView[];
  /** Outdated ones that are being drained for that. */
  readonly draining: readonly PodView[];
}

/** What the parts depend on. */
export interface CrewInput {
  readonly pods: readonly PodView[];
  /** Why else pods leave. */
  readonly departures: Departures;
  /** Uids of the pods that pass the publish gate. */
  readonly passing: ReadonlySet<string>;
  /** Revision that pods are to be of. */
  readonly target: string;
}

/** See the file comment. */
export function crewOf({ pods, departures, passing, target }: CrewInput): Crew {
  const live = pods.filter(({ isTerminating, isDead }) => !isTerminating && !isDead);
  const outdated = live.filter(({ revision }) => revision !== target);
  const serving = live.filter(
    (pod) =>
      !isCordoned(pod) && pod.marks.drain === undefined && !departures.has(pod.uid) && !isNodeLost(pod),
  );
  return {
    live,
    updated: live.filter(({ revision }) => revision === target),
    outdated,
    unused: outdated.filter(isUnused),
    serving,
    available: serving.filter(({ uid }) => passing.has(uid)),
    draining: outdated.filter((pod) => pod.marks.drain?.reason === 'Rollout' && !isCordoned(pod)),
  };
}

function isUnused(pod: PodView): boolean {
  return pod.marks.publishedSinceMs === undefined && (sessionsOf(pod) ?? 0) === 0 && !isCordoned(pod);
}

/** The same without those that nobody can miss: they are about to go. */
export function withoutUnused(crew: Crew): Crew {
  const isUsed = (pod: PodView): boolean => !crew.unused.includes(pod);
  return { ...crew, serving: crew.serving.filter(isUsed), available: crew.available.filter(isUsed) };
}
