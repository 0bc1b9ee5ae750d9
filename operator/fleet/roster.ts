/** Who serves, who leaves and who comes back: the number of pods against the number wanted. */
import { tooMany, type Departure, type Departures } from './departures.ts';
import { heldBack, type HoldRules } from './hold.ts';
import { isNodeLost, sessionsOf } from './members.ts';
import type { DrainReason, PodView, Reason } from './pod.ts';
import { isKeepable } from './keep.ts';
import { isCordoned } from './requests.ts';
import { isUnknown, victimOrder, type VictimRules } from './victims.ts';

/** What the roster is decided from. */
export interface RosterInput extends VictimRules, HoldRules {
  readonly pods: readonly PodView[];
  readonly departures: Departures;
  /** Whether who is one too many comes back when it is missed. */
  readonly reuseDraining: 'Always' | 'Never';
  /** Pods that may go at once, because nobody wants their like any more and nobody uses them. */
  readonly discards: ReadonlyMap<string, Reason>;
  /** The cluster is being deleted: nobody is replaced. */
  readonly isDeleted: boolean;
}

/** Changes to the roster, by pod uid. */
export interface Roster {
  /** Pods that drain from now on or still do, with every cause; the others that drain do so for the cause on them. */
  readonly leaving: ReadonlyMap<string, readonly Departure[]>;
  /** Draining pods that serve again. */
  readonly returning: ReadonlySet<string>;
  /** Pods that would leave, and what they wait for. */
  readonly held: ReadonlyMap<string, Reason>;
  /** Pods that may go at once: ended, or outdated before anybody could use them. */
  readonly discarded: ReadonlyMap<string, Reason>;
  /** How many new pods to make. */
  readonly create: number;
}

/** See the file comment. A cordoned pod serves nobody new and is kept. A pod on a lost node keeps its calls, but somebody else serves in its place. */
export function roster(input: RosterInput): Roster {
  const { departures, passing, wanted } = input;
  const discarded = discardedOf(input);
  const present = input.pods.filter((pod) => !pod.isTerminating && !discarded.has(pod.uid));
  const staying = present.filter((pod) => !departures.has(pod.uid));
  const willing = staying.filter((pod) => !isCordoned(pod));
  const active = willing.filter((pod) => pod.marks.drain === undefined && !isNodeLost(pod));
  const returning = returningOf(input, willing, active);
  const serving = [...active, ...returning];
  const inDns = present.filter(({ uid, marks }) => passing.has(uid) && marks.drain === undefined);
  const coming = active.filter((pod) => !passing.has(pod.uid) && isStarting(pod)).length;
  const { leaving, held } = choose(
    { ...input, coming },
    {
      bound: present.filter((pod) => departures.has(pod.uid)),
      surplus: { among: serving, count: serving.length - wanted },
      inDns: new Set([...inDns, ...returning].map(({ uid }) => uid)),
      kept: new Set(present.filter((pod) => !passing.has(pod.uid) && isKeepable(pod)).map(({ uid }) => uid)),
    },
  );
  const resting = staying.filter((pod) => isCordoned(pod) && isDrainUndone(pod));
  const back = [
    ...returning,
    ...resting,
    ...present.filter(({ uid, marks }) => marks.drain && held.has(uid)),
  ];
  return {
    leaving,
    held,
    returning: new Set(back.map(({ uid }) => uid).filter((uid) => !leaving.has(uid))),
    discarded,
    create: input.isDeleted ? 0 : Math.max(0, wanted - serving.length),
  };
}

/** Clients were never sent to it, and will be in a moment as far as anybody knows. */
function isStarting({ marks, problem, isDead }: PodView): boolean {
  return marks.publishedSinceMs === undefined && problem === undefined && !isDead;
}

function discardedOf({ pods, discards }: RosterInput): Map<string, Reason> {
  const present = pods.filter(({ isTerminating }) => !isTerminating);
  return new Map(
    present.flatMap((pod) => {
      const why = pod.isDead ? dead(pod) : discards.get(pod.uid);
      return why === undefined ? [] : [[pod.uid, why] as const];
    }),
  );
}

function dead(pod: PodView): Reason {
  if (pod.engine === 'Coturn' && pod.problem === undefined && pod.marks.drain !== undefined)
    return { reason: 'Drained', message: 'Its coturn has ended with the last allocation' };
  return {
    reason: 'PodEnded',
    message: pod.problem?.message ?? 'The pod has ended and will not start again',
  };
}

/**
 * Who was drained for a cause that is gone comes back, and who was one too many when it is missed: such a pod is
 * there in seconds, a new one may need a new node. And DNS must not run empty.
 */
function returningOf(input: RosterInput, staying: readonly PodView[], active: readonly PodView[]): PodView[] {
  const { passing, wanted, minPublished, revision } = input;
  const able = staying.filter(({ uid, marks }) => marks.drain !== undefined && passing.has(uid));
  const freed = able.filter(({ marks }) => isUndone(marks.drain?.reason));
  const published = active.filter(({ uid }) => passing.has(uid)).length + freed.length;
  const short = input.reuseDraining === 'Always' ? wanted - active.length - freed.length : 0;
  const missing = Math.max(short, minPublished - published);
  const spare = able
    .filter(({ marks }) => marks.drain?.reason === 'ScaleDown')
    .toSorted(
      (a, b) =>
        Number(b.revision === revision) - Number(a.revision === revision) ||
        (sessionsOf(b) ?? 0) - (sessionsOf(a) ?? 0),
    );
  return [...freed, ...spare.slice(0, Math.max(0, missing))];
}

/** A person who keeps a pod ends its drain, but for one that is for good. */
function isDrainUndone({ engine, marks }: PodView): boolean {
  return marks.drain?.reason !== 'Deletion' && (engine !== 'Coturn' || marks.drain === undefined);
}

/** Whether the end of the cause is the end of the drain. One too many is no cause; a deletion is for good. */
function isUndone(reason: DrainReason | undefined): boolean {
  return reason !== 'ScaleDown' && reason !== 'Deletion';
}

interface Candidates {
  /** Those with a cause to leave. */
  readonly bound: readonly PodView[];
  readonly surplus: { readonly among: readonly PodView[]; readonly count: number };
  /** Uids of all that take new calls, or will in a moment. */
  readonly inDns: ReadonlySet<string>;
  /** Uids of those whose gate is closed, but that are in DNS and stay there as long as too few others are. */
  readonly kept: ReadonlySet<string>;
}

/** Those with a cause go first, then the surplus; each only if enough others stay in DNS. */
function choose(input: RosterInput, candidates: Candidates): Pick<Roster, 'leaving' | 'held'> {
  const leaving = new Map<string, readonly Departure[]>();
  const held = new Map<string, Reason>();
  const inDns = new Set(candidates.inDns);
  const kept = new Set(candidates.kept);
  const tryToLeave = (pod: PodView, causes: readonly Departure[]): boolean => {
    inDns.delete(pod.uid);
    const isKept = kept.delete(pod.uid);
    const others = isKept ? inDns.size + kept.size : inDns.size;
    const hold = holdOf(pod, { causes, others, isKept, wasInDns: candidates.inDns.has(pod.uid) }, input);
    if (hold === undefined) leaving.set(pod.uid, causes);
    else {
      held.set(pod.uid, hold);
      (isKept ? kept : inDns).add(pod.uid);
    }
    return hold === undefined;
  };
  const surplus: Departure = { reason: 'ScaleDown', message: tooMany, waitsFor: 'Capacity' };
  for (const pod of candidates.bound) tryToLeave(pod, input.departures.get(pod.uid) ?? []);
  const heldByCause = new Map(held);
  let { count } = candidates.surplus;
  const shrink = (among: readonly PodView[]): void => {
    for (const pod of count > 0 ? victimOrder(among, input) : []) {
      if (!tryToLeave(pod, [surplus]) || --count <= 0) return;
    }
  };
  shrink(candidates.surplus.among);
  // What holds one pod in DNS holds them all; the others are in nobody's way, but for calls that nobody knows of yet.
  const unused = ({ uid }: PodView): boolean => !inDns.has(uid) && !leaving.has(uid);
  shrink(candidates.surplus.among.filter((pod) => unused(pod) && !isUnknown(pod)));
  return { leaving, held: count <= 0 ? heldByCause : held };
}

interface Leave {
  readonly causes: readonly Departure[];
  readonly others: number;
  readonly wasInDns: boolean;
  /** It is in DNS only because too few others are. */
  readonly isKept: boolean;
}

/** One cause that need not wait is enough. A pod that is out already comes back only so that DNS is not empty. */
function holdOf(pod: PodView, leave: Leave, input: RosterInput): Reason | undefined {
  const { causes, others, wasInDns, isKept } = leave;
  if (!input.passing.has(pod.uid) && !isKept) return undefined;
  const holds = causes.map((cause) =>
    heldBack(wasInDns ? cause : onlyForMinimum(cause), { pod, others }, input),
  );
  return holds.includes(undefined) ? undefined : holds[0];
}

function onlyForMinimum(cause: Departure): Departure {
  return cause.waitsFor === 'Nothing' ? cause : { ...cause, waitsFor: 'Minimum' };
}
