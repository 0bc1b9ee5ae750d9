/** Until when a rollout whose new pod finds no node counts as moving: nodes may be on their way, but not for ever. */
import type { PodView } from '../pod.ts';
import type { Step } from './step.ts';
import type { View } from './view.ts';

/** The step; standing still once a pod has had no node for `update.progressDeadlineSeconds`. Nothing has failed then. */
export function bounded({ input, crew, room }: View, step: Step): Step {
  const { progress } = step;
  const pod = crew.updated.filter(({ nodeName }) => nodeName === undefined).toSorted(byAge)[0];
  if (progress?.isMoving !== true || pod === undefined || room.free !== 0) return step;
  // The time that calls take to end is no part of it.
  if (input.pods.some(isLeaving)) return step;
  const deadlineSeconds = input.cluster.spec.update.progressDeadlineSeconds;
  const dueMs = pod.createdMs + deadlineSeconds * 1000;
  if (input.nowMs < dueMs) return { ...step, recheckMs: Math.min(dueMs, step.recheckMs ?? dueMs) };
  const late = `${pod.name} has had no node for ${deadlineSeconds} s (update.progressDeadlineSeconds)`;
  const why = progress.reason === 'WaitingForNode' ? '' : ', and none is free: add one';
  return {
    ...step,
    progress: { isMoving: false, reason: 'WaitingForNode', message: `${progress.message}. ${late}${why}` },
  };
}

function byAge(a: PodView, b: PodView): number {
  return a.createdMs - b.createdMs;
}

/** Its node will be free. */
function isLeaving({ isTerminating, marks }: PodView): boolean {
  return isTerminating || marks.drain !== undefined;
}
