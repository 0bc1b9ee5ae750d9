/** The next step of a rollout: the first that applies. */
import type { PodView, Reason } from '../pod.ts';
import { canaryOf } from './canary.ts';
import { withoutUnused } from './crew.ts';
import { onlyNodeStep } from './onlyNode.ts';
import { paceOf, type Pace } from './pace.ts';
import { bounded } from './stall.ts';
import type { Step } from './step.ts';
import { concerned, type View } from './view.ts';
import { windowAt } from './windows.ts';

/** See the file comment. */
export function nextStep(view: View): Step {
  if (concerned(view.crew).length === 0) return ended(view);
  const stop = stopOf(view);
  if (stop !== undefined) return { pace: pace(view, { limit: 0, isOpen: stop.isOpen }), ...stop };
  const step =
    onlyNodeStep(view, pace(view, { limit: 0, isOpen: true })) ??
    trial(view) ??
    advance(view, { limit: Infinity, isOpen: true });
  return bounded(view, step);
}

/** How many pods may be replaced by now, and whether new pods are of the target. */
interface Leave {
  readonly limit: number;
  readonly isOpen: boolean;
}

function pace({ input, room, target, ...view }: View, { limit, isOpen }: Leave): Pace {
  const { cluster, wanted, needed, passing } = input;
  const { update, discovery, placement } = cluster.spec;
  const rules = { passing, revision: target, tolerations: placement.tolerations };
  const { minPublished } = discovery;
  const crew = isOpen ? withoutUnused(view.crew) : view.crew;
  return paceOf({ crew, rules, update, wanted, needed, minPublished, freeNodes: room.free, limit });
}

/** Nobody is outdated. */
function ended(view: View): Step {
  const { input, crew, failure, good, isRollback, target, record } = view;
  const step = { pace: pace(view, { limit: 0, isOpen: true }), isOpen: true };
  if (isRollback) return { ...step, progress: { isMoving: false, ...rolledBack(view) } };
  if (failure !== undefined) return { ...step, progress: { isMoving: false, ...failure } };
  const isComplete = crew.available.length >= input.wanted && crew.available.length > 0;
  if (!isComplete || record === undefined || good?.revision === target) return step;
  const message = `All ${crew.available.length} pods are of revision ${target}`;
  return { ...step, mark: { kind: 'Proven', revision: target, reason: 'RolloutDone', message } };
}

function rolledBack(view: View): Reason {
  const { namespace, name } = view.input.cluster.metadata;
  const retry = `kubectl annotate -n ${namespace} controllerrevision ${name}-${view.input.revision} rtc.progressnet.gr/failed-`;
  const message = `Pods are of revision ${view.target} again. ${failureText(view)}. Change the spec, or try the same once more: ${retry}`;
  return { reason: 'RolledBack', message };
}

type Stop = Pick<Step, 'progress' | 'recheckMs' | 'isOpen'>;

/** Why nothing may begin; what has begun goes on. A rollback waits for no window. */
function stopOf(view: View): Stop | undefined {
  const { input, failure, isRollback } = view;
  const { update } = input.cluster.spec;
  const still = (reason: string, message: string, isOpen = isTrusted(view)): Stop => ({
    progress: { isMoving: false, reason, message: `${share(view)}: ${message}` },
    isOpen,
  });
  if (update.paused) return still('RolloutPaused', 'update.paused is true');
  if (update.strategy === 'OnDelete')
    return still('OnDelete', 'the others are renewed when somebody deletes or drains them', true);
  if (isRollback) return undefined;
  if (failure !== undefined)
    return still(failure.reason, `${failure.message}. It goes no further (update.onFailure)`);
  const window = windowAt(update.windows, input.nowMs);
  if (window.isOpen) return undefined;
  const { reason, message, recheckMs } = window;
  return { ...still(reason, message), ...(recheckMs !== undefined && { recheckMs }) };
}

/** `2 of 3 pods are of revision 8b21`. */
function share({ crew, target }: View): string {
  return `${crew.updated.length} of ${crew.live.length} pods are of revision ${target}`;
}

/** New pods may be of it without being tried. */
function isTrusted({ input, crew, record, failure, isRollback }: View): boolean {
  if (isRollback || record?.provenMs !== undefined) return true;
  if (failure !== undefined) return false;
  const isTried =
    input.cluster.spec.update.canary.pods === 0 && crew.updated.some(({ uid }) => input.passing.has(uid));
  return isTried || record?.isCanaryPassed === true;
}

/** Undefined where there is nothing to try, or nothing to fall back on. */
function trial(view: View): Step | undefined {
  const { input, crew, good, target } = view;
  const { canary } = input.cluster.spec.update;
  if (canary.pods === 0 || good === undefined || isTrusted(view)) return undefined;
  const verdict = canaryOf({
    ...{ crew, passing: input.passing, nowMs: input.nowMs },
    bakeMs: canary.bakeSeconds * 1000,
  });
  if (verdict.isPassed) {
    const message = `${verdict.pod} has been in DNS for ${canary.bakeSeconds} s: the others follow`;
    return {
      ...advance(view, { limit: Infinity, isOpen: true }),
      mark: { kind: 'CanaryPassed', revision: target, reason: 'CanaryPassed', message },
    };
  }
  const { reason, message, isAbsent, recheckMs } = verdict;
  const step = advance(view, { limit: isAbsent ? 1 : 0, isOpen: false });
  return {
    ...step,
    canaries: Math.max(0, canary.pods - crew.updated.length),
    progress:
      isAbsent && step.pace.hold !== undefined && step.progress
        ? step.progress
        : { isMoving: true, reason, message: `${share(view)}: ${message}` },
    ...(recheckMs !== undefined && { recheckMs }),
  };
}

function advance(view: View, leave: Leave): Step {
  const now = pace(view, leave);
  return { pace: now, isOpen: leave.isOpen, progress: { ...progressOf(view, now), isMoving: !isHeld(now) } };
}

/** Nothing moves until somebody adds a node, or the load falls. */
function isHeld({ hold }: Pace): boolean {
  return hold?.reason.startsWith('Held') === true;
}

function progressOf(view: View, { hold, leaving }: Pace): Reason {
  const { crew, isRollback } = view;
  const detail = hold?.message ?? underWay([...crew.draining, ...leaving]);
  if (!isRollback) return { reason: hold?.reason ?? 'RollingOut', message: `${share(view)}: ${detail}` };
  return {
    reason: hold?.reason ?? 'RollingBack',
    message: `${share(view)}: ${detail}. ${failureText(view)}`,
  };
}

function failureText({ input, failure }: View): string {
  return failure === undefined
    ? ''
    : `Revision ${input.revision} failed (${failure.reason}): ${failure.message}`;
}

function underWay(leaving: readonly PodView[]): string {
  if (leaving.length === 0) return 'new pods are on their way';
  return `${leaving.map(({ name }) => name).join(', ')} ${leaving.length === 1 ? 'is' : 'are'} drained to be replaced`;
}
