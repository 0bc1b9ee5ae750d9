/** Pods and their last facts → what the cluster is used for, and of which pods nobody knows. */
import type { PodView } from '../pod.ts';
import type { LastAnswer } from './measures.ts';
import { priceOf, priceOfSessions, type Spending } from './price.ts';

/** Of one pod. */
interface PodUse {
  readonly sessions: number;
  /** 0 to 1. */
  readonly load: number;
  readonly cores: number;
  readonly listMillicores: number;
  readonly egressMbit: number;
}

/** See the file comment. Draining pods count: their people come back to those in DNS. */
export interface Usage {
  readonly sessions: number;
  /** CPU in pods: two pods at half their cores are 1. */
  readonly cpuPods: number;
  /** Millicores by the price list, in pods. */
  readonly listPods: number;
  readonly egressMbit: number;
  /** Cores of one pod's media workers: the mean. */
  readonly coresPerPod: number;
  /** Names of the pods whose use is unknown; they count with their last answer. */
  readonly unknown: readonly string[];
  /** How many of them may be full for all we know. */
  readonly assumedFull: number;
  readonly spending: Spending;
}

/** How old an answer may be, and what an unknown pod counts for. */
export interface UsageRules {
  readonly nowMs: number;
  readonly staleMs: number;
  readonly onMissing: 'Hold' | 'AssumeFull';
  /** Cores of a pod that has not told. */
  readonly cores: number;
}

/** See the file comment. */
export function usageOf(pods: readonly PodView[], rules: UsageRules): Usage {
  const living = pods.filter(({ isDead }) => !isDead);
  const unknown = living.filter((pod) => isUnknown(pod, rules));
  const isFull = rules.onMissing === 'AssumeFull';
  const counted = living.filter((pod) => !isFull || !unknown.includes(pod));
  const uses = counted.flatMap((pod) => useOf(lastAnswer(pod), rules));
  const sum = (of: (use: PodUse) => number): number => uses.reduce((total, use) => total + of(use), 0);
  return {
    sessions: sum(({ sessions }) => sessions),
    cpuPods: sum(({ load }) => load),
    listPods: sum(({ listMillicores, cores }) => listMillicores / (cores * 1000)),
    egressMbit: sum(({ egressMbit }) => egressMbit),
    coresPerPod: uses.length === 0 ? rules.cores : sum(({ cores }) => cores) / uses.length,
    unknown: unknown.map(({ name }) => name),
    assumedFull: isFull ? unknown.length : 0,
    spending: spendingOf(uses),
  };
}

/** Nobody was ever sent to a pod that was never in DNS, and one that is being deleted only loses people. */
function isUnknown({ facts, marks, isTerminating }: PodView, { nowMs, staleMs }: UsageRules): boolean {
  if (marks.publishedSinceMs === undefined || isTerminating) return false;
  if (facts?.answered === true) return nowMs - (facts.measures?.atMs ?? nowMs) >= staleMs;
  return facts?.last === undefined || nowMs - facts.last.measures.atMs >= staleMs;
}

/** What `pod` said last, whether or not it still answers. */
export function lastAnswer({ facts }: PodView): LastAnswer | undefined {
  if (facts?.answered !== true) return facts?.last;
  return { sessions: facts.sessions ?? 0, load: facts.load, measures: facts.measures ?? { atMs: 0 } };
}

function useOf(answer: LastAnswer | undefined, { cores }: UsageRules): PodUse[] {
  if (answer === undefined) return [];
  const { sessions, load, measures } = answer;
  const { counts } = measures;
  return [
    {
      ...{ sessions, load, cores: measures.cores ?? cores },
      listMillicores: counts === undefined ? priceOfSessions(sessions) : priceOf(counts),
      egressMbit: measures.egressMbit ?? 0,
    },
  ];
}

function spendingOf(uses: readonly PodUse[]): Spending {
  const cores = uses.reduce((sum, use) => sum + use.cores, 0);
  const usedMillicores = uses.reduce((sum, use) => sum + use.load * use.cores * 1000, 0);
  const listMillicores = uses.reduce((sum, use) => sum + use.listMillicores, 0);
  return { usedMillicores, listMillicores, load: cores === 0 ? 0 : usedMillicores / (cores * 1000) };
}
