/** Whether the allocations of all pods are known. */
import { namedPods } from '../../conditions/verdict.ts';
import type { TurnConditionInput, TurnVerdict } from './input.ts';

const type = 'AllocationsObservable';

/** AllocationsObservable: every pod that runs says how many allocations it has. One that does not counts as busy. */
export function allocationsObservable({ decision: { members } }: TurnConditionInput): TurnVerdict {
  const running = members.filter(({ pod }) => !pod.isDead && pod.isReady);
  if (running.length === 0)
    return { type, status: 'Unknown', reason: 'NoPodYet', message: 'No pod is ready yet' };
  const silent = running.flatMap(({ pod: { name, facts } }) =>
    facts?.answered === true ? [] : [`${name}: ${facts?.message ?? 'not asked yet'}`],
  );
  if (silent.length > 0)
    return {
      type,
      status: 'False',
      reason: 'PodsSilent',
      message: `No answer from ${silent.slice(0, namedPods).join('; ')}: see whether the operator reaches port 8446 of their nodes, and the log of the container agent`,
    };
  const uncounted = running.filter(
    ({ pod: { facts } }) => facts?.answered === true && facts.sessions === undefined,
  );
  if (uncounted.length === 0)
    return { type, status: 'True', reason: 'AllAnswer', message: 'The allocations of every pod are known' };
  return {
    type,
    status: 'False',
    reason: 'NoExporter',
    message: `The coturn in ${uncounted
      .slice(0, namedPods)
      .map(({ pod }) => pod.name)
      .join(
        ', ',
      )} has no Prometheus exporter, so that its allocations are not counted. A drain waits until coturn ends by itself: use an image with it, such as coturn/coturn, to see how many are left`,
  };
}
