/**
 * Where one node is all there is, no second pod can stand beside the first, and DNS must not be emptied by a drain.
 * So the pod stays in DNS until it has had no sessions for a while, and is then replaced at once, at the same
 * address. Should a call come in between, SIGTERM is a drain: it goes on, and the new pod waits for it.
 */
import { isOfThisMoment } from '../lastLook.ts';
import type { PodView, Reason } from '../pod.ts';
import { wordsOf } from '../words.ts';
import type { Pace } from './pace.ts';
import type { Step } from './step.ts';
import type { View } from './view.ts';

/** Undefined where there is more than one node, or the pod leaves for another reason anyway. */
export function onlyNodeStep({ input, crew, room, target }: View, pace: Pace): Step | undefined {
  const pod = room.onlyPod;
  if (pod === undefined || !crew.outdated.includes(pod) || !crew.serving.includes(pod)) return undefined;
  const idle = idleSince(pod, input.nowMs);
  if ('reason' in idle) return { pace, isOpen: true, progress: { isMoving: false, ...idle } };
  const dueMs = idle.sinceMs + input.cluster.spec.drain.sessionlessSeconds * 1000;
  const isDue = dueMs <= input.nowMs && idle.isOfThisMoment;
  const { sessions } = wordsOf(pod);
  const reason: Reason = {
    reason: isDue ? 'ReplacedWithoutSessions' : 'WaitingForNoSessions',
    message: `${pod.name} on the only node ${isDue ? 'has' : 'has had'} no ${sessions}${isDue ? '' : ' for a moment'}, and a pod of revision ${target} takes its place`,
  };
  return {
    ...{ pace, isOpen: true, progress: { isMoving: true, ...reason } },
    ...next(pod, { dueMs, isDue, nowMs: input.nowMs }, reason),
  };
}

interface Due {
  readonly dueMs: number;
  readonly isDue: boolean;
  readonly nowMs: number;
}

/** It goes, is asked once more, or waits. */
function next(
  { uid }: PodView,
  { dueMs, isDue, nowMs }: Due,
  reason: Reason,
): Pick<Step, 'discards' | 'asks' | 'recheckMs'> {
  if (isDue) return { discards: new Map([[uid, reason]]) };
  return dueMs <= nowMs ? { asks: [uid] } : { recheckMs: dueMs };
}

interface Idle {
  readonly sinceMs: number;
  readonly isOfThisMoment: boolean;
}

function idleSince(pod: PodView, nowMs: number): Idle | Reason {
  const { name, facts } = pod;
  const { calls, sessions } = wordsOf(pod);
  if (facts?.answered !== true || facts.sessions === undefined) {
    const why = facts?.answered === true ? 'it cannot tell' : (facts?.message ?? 'it was not asked yet');
    return {
      reason: 'SessionsUnknown',
      message: `${name} is kept because its ${sessions} are unknown: ${why}`,
    };
  }
  if (facts.sessions === 0 && facts.sessionlessSinceMs !== undefined)
    return { sinceMs: facts.sessionlessSinceMs, isOfThisMoment: isOfThisMoment(facts, nowMs) };
  return {
    reason: 'WaitingForNoSessions',
    message: `${name} is on the only node that can carry a pod, so no other can take its ${calls}: it is replaced at a moment without ${sessions}. Add a node to update with ${calls} going on`,
  };
}
