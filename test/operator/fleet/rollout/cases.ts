/** A rollout from the revision `old` to `new`, as its tests begin. */
import { decideRollout, type RolloutDecision } from '../../../../operator/fleet/rollout/decide.ts';
import type { RevisionRecord } from '../../../../operator/fleet/rollout/records.ts';
import type { RolloutInput } from '../../../../operator/fleet/rollout/view.ts';
import type { NodeSupply } from '../../../../operator/fleet/nodes/eligible.ts';
import type { PodMarks, PodView } from '../../../../operator/fleet/pod.ts';
import { aNewPod, aPod, before, nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

/** The revision that every pod was of. */
export const good: RevisionRecord = { revision: 'old', provenMs: before(1e9), isCanaryPassed: true };
/** The one that is rolled out, untried. */
export const fresh: RevisionRecord = { revision: 'new', isCanaryPassed: false };
/** The same when its canary has passed. */
export const passed: RevisionRecord = { ...fresh, isCanaryPassed: true };
/** The same when it has failed. */
export const failed: RevisionRecord = { ...fresh, failure: { reason: 'Because', message: 'it crashed' } };

/** What is different, and `spec.update`. */
export interface Change extends Partial<Omit<RolloutInput, 'cluster' | 'nodes'>> {
  /** Null: nodes are not ours to see. Default: nine free ones. */
  readonly nodes?: NodeSupply | null;
  readonly update?: object;
}

const nine: NodeSupply = { eligible: 9, free: 9, excluded: [] };

/** From `old` to `new`, whose canary has passed, with as many pods as are wanted and a load that one carries. */
export function decide(
  pods: readonly PodView[],
  { update = {}, nodes = nine, ...change }: Change = {},
): RolloutDecision {
  const isOk = ({ isReady }: PodView): boolean => isReady;
  const notReady = { ok: false, reason: 'NotReady', message: 'The pod is not ready' } as const;
  return decideRollout({
    ...{ cluster: aCluster({ update }), pods, wanted: 3, needed: 1, revision: 'new', nowMs },
    departures: new Map(),
    gates: new Map(pods.map((pod) => [pod.uid, isOk(pod) ? { ok: true } : notReady])),
    passing: new Set(pods.filter(isOk).map(({ uid }) => uid)),
    records: [good, passed],
    ...(nodes && { nodes }),
    ...change,
  });
}

/** A published pod of the old revision. */
export const old = (name: string, change: Partial<PodView> = {}): PodView =>
  aPod({ name, revision: 'old', ...change });
/** A published pod of the new revision. */
export const updated = (
  name: string,
  change: Partial<Omit<PodView, 'marks'>> & { marks?: Partial<PodMarks> } = {},
): PodView => aPod({ name, revision: 'new', ...change });
/** Of the new revision, `ageMs` on its node and not in DNS yet. */
export const starting = (name: string, ageMs: number, change: Partial<PodView> = {}): PodView =>
  aNewPod({ name, revision: 'new', isReady: false, scheduledMs: before(ageMs), ...change });
/** A pod of the old revision that is drained for the rollout. */
export const draining = (name: string, change: Partial<PodView> = {}): PodView =>
  aPod({
    name,
    revision: 'old',
    ...change,
    marks: { isPublished: false, drain: { reason: 'Rollout', startedMs: 0 } },
  });
/** What a pod says that has crashed. */
export const crashed = { reason: 'ContainerCrashed', message: 'exit code 1' };
/** Three published pods of the old revision. */
export const three = [old('a'), old('b'), old('c')];
/** Three nodes, with a pod each. */
export const full = { eligible: 3, free: 0, excluded: [] };

/** Names of the pods, without the prefix of their uids. */
export const uids = (map: ReadonlyMap<string, unknown>): string =>
  [...map.keys()].map((uid) => uid.slice(4)).join(' ');
/** `who leaves | serving pods wanted | what new pods are of, with canaries | reason`. */
export const text = ({ departures, wanted, base, canaries, progress }: RolloutDecision): string =>
  [uids(departures), wanted, `${'new '.repeat(canaries)}${base}`, progress?.reason ?? ''].join(' | ');
