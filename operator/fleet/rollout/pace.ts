/** Which outdated pods may leave now, and how many serving pods are wanted meanwhile. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { PodView, Reason } from '../pod.ts';
import { victimOrder, type VictimRules } from '../victims.ts';
import { wordsOf } from '../words.ts';
import type { Crew } from './crew.ts';

/** What the pace depends on. */
export interface PaceInput {
  readonly crew: Crew;
  readonly rules: VictimRules;
  readonly update: RtcCluster['spec']['update'];
  /** Serving pods that are wanted apart from the rollout. */
  readonly wanted: number;
  /** Serving pods that carry what is there. */
  readonly needed: number;
  readonly minPublished: number;
  readonly freeNodes: number | undefined;
  /** How many pods may be replaced at most by now: 0 while nothing may begin. */
  readonly limit: number;
}

/** See the file comment. */
export interface Pace {
  /** Those that may begin to leave. */
  readonly leaving: readonly PodView[];
  /** Serving pods that are wanted while the rollout goes on. */
  readonly wanted: number;
  /** Uids of those that it has added and that have taken another's place by now. */
  readonly settled: ReadonlySet<string>;
  /** Why nobody may leave although somebody should. */
  readonly hold?: Reason;
}

/** See the file comment. */
export function paceOf(input: PaceInput): Pace {
  const leaving = chosen(input);
  const { serving, outdated, draining } = input.crew;
  const others = serving.filter((pod) => !leaving.includes(pod));
  const counts: Counts = {
    inPlace: draining.length + leaving.length,
    remaining: others.filter((pod) => outdated.includes(pod)).length,
    serving: others.length,
  };
  const extra = extraOf(input, counts);
  const hold = counts.inPlace === 0 && counts.remaining > 0 ? holdOf(input, extra) : undefined;
  const wanted = wantedOf(input, counts, extra);
  return { leaving, wanted, settled: settledIn(input), ...(hold && { hold }) };
}

/** The least number of pods in DNS: a pod may leave while more are. */
function floorOf(input: PaceInput): number {
  const { wanted, needed, minPublished } = input;
  const carrying = Math.min(wanted + neededSurplus(input), needed);
  return Math.max(wanted - allowanceOf(input), carrying, minPublished);
}

/** Pods that are too many and stay because the load needs them. One that a rollout has added is none: it replaces. */
function neededSurplus(input: PaceInput): number {
  const { crew, wanted, needed } = input;
  return Math.max(0, Math.min(needed, crew.serving.length - addedBy(input).length) - wanted);
}

/** Those that a rollout has added, as long as they are beyond the wanted ones. */
function addedBy({ crew, wanted }: PaceInput): readonly PodView[] {
  return marked(crew).slice(0, Math.max(0, crew.serving.length - wanted));
}

/** Whoever they stand beside has left, or as many are wanted by now. */
function settledIn(input: PaceInput): ReadonlySet<string> {
  const added = addedBy(input);
  const settled = marked(input.crew).filter((pod) => !added.includes(pod));
  return new Set(settled.map(({ uid }) => uid));
}

function marked({ serving }: Crew): readonly PodView[] {
  return serving.filter(({ marks }) => marks.isSurge === true);
}

function servingUpdated({ updated, serving }: Crew): number {
  return updated.filter((pod) => serving.includes(pod)).length;
}

/** How many of the wanted pods may be missing. With Surge none, unless there is no node for one more. */
function allowanceOf({ update, freeNodes, crew, wanted }: PaceInput): number {
  const isFull = freeNodes === 0 && crew.serving.length <= wanted && crew.draining.length === 0;
  return update.strategy === 'Surge' && !isFull ? 0 : update.maxUnavailable;
}

/** Whoever is out of DNS is in nobody's way, unless it is kept there because nobody else is. */
function chosen(input: PaceInput): readonly PodView[] {
  const { crew, rules, limit } = input;
  let spare = crew.available.length - floorOf(input);
  const leaving: PodView[] = [];
  const candidates = crew.outdated.filter((pod) => crew.serving.includes(pod) && !crew.unused.includes(pod));
  for (const pod of limit > 0 ? victimOrder(candidates, rules) : []) {
    const isAvailable = crew.available.includes(pod);
    if (isAvailable ? spare <= 0 : pod.marks.isPublished && crew.available.length < input.minPublished)
      continue;
    if (isAvailable) spare--;
    leaving.push(pod);
    if (leaving.length >= limit) break;
  }
  return leaving;
}

interface Counts {
  /** Pods that drain, or begin to. */
  readonly inPlace: number;
  /** Outdated pods that go on serving. */
  readonly remaining: number;
  readonly serving: number;
}

/** Pods beyond the wanted ones. While nothing may begin, those that the rollout has added stay; by hand it adds none. */
function extraOf(input: PaceInput, { inPlace, remaining, serving }: Counts): number {
  const bound = Math.max(0, Math.min(surgeOf(input) - inPlace, remaining, input.limit || Infinity));
  if (input.update.strategy === 'OnDelete' || neededSurplus(input) > 0) return 0;
  const there = Math.max(0, serving - input.wanted);
  if (input.limit > 0 && canPlace(input, there)) return bound;
  return Math.min(bound, there, input.limit > 0 ? Infinity : servingUpdated(input.crew));
}

/** In place one is added only where the others cannot do without any of theirs. */
function surgeOf(input: PaceInput): number {
  const { update, wanted } = input;
  if (update.strategy === 'Surge' && update.maxSurge > 0) return update.maxSurge;
  return floorOf(input) > wanted - 1 ? 1 : 0;
}

/** Surge asks for a node by a pod that waits for one: that is what autoscalers of nodes go by. */
function canPlace({ update, freeNodes, crew }: PaceInput, there: number): boolean {
  const isWaiting = crew.updated.some(({ nodeName }) => nodeName === undefined);
  return update.strategy === 'Surge' || freeNodes === undefined || freeNodes > 0 || there > 0 || isWaiting;
}

/** A pod that is replaced in place is not missed before it is gone, unless the load needs one more. */
function wantedOf(input: PaceInput, { inPlace, serving }: Counts, extra: number): number {
  const { wanted, needed } = input;
  if (extra > 0) return wanted + extra;
  const excused = wanted - Math.min(inPlace, allowanceOf(input));
  return Math.max(excused, Math.min(wanted, Math.max(serving, needed)));
}

function holdOf(input: PaceInput, extra: number): Reason | undefined {
  if (input.limit === 0) return undefined;
  const { crew, wanted, needed, minPublished, update } = input;
  const words = wordsOf(crew.outdated[0] ?? { engine: 'Mediasoup' });
  if (extra > 0) {
    if (input.freeNodes === 0)
      return { reason: 'WaitingForNode', message: 'one more pod needs a node, and none is free: add one' };
    return {
      reason: 'WaitingForSpare',
      message: `a new pod has to be ${words.published} before an old one leaves`,
    };
  }
  if (crew.available.length < wanted)
    return {
      reason: 'WaitingForAvailable',
      message: `${crew.available.length} of ${wanted} pods are ${words.published}, and no more may be missing (update.maxUnavailable ${update.maxUnavailable})`,
    };
  const surplus = neededSurplus(input);
  if (surplus > 0)
    return {
      reason: 'HeldForCapacity',
      message: `the load needs ${wanted + surplus} pods and ${wanted} are wanted: let more be wanted (${words.wantMore}), or wait until the load falls`,
    };
  const remedy = 'no node is free for one more: add a node, or wait until the load falls';
  if (needed >= wanted)
    return { reason: 'HeldForCapacity', message: `the load needs all ${wanted} pods, and ${remedy}` };
  return {
    reason: 'HeldForMinimum',
    message: `${words.minimum(minPublished)}, of ${wanted} that are wanted, and no node is free for one more: add a node, or lower that number`,
  };
}
