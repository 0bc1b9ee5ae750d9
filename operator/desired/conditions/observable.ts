/** Whether the sessions of all pods are known. */
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

const type = 'SessionsObservable';

/** SessionsObservable: False while a pod has been silent for longer than `scaling.metrics.staleAfterSeconds`. */
export function sessionsObservable({ cluster, decision }: ConditionInput): Verdict {
  const silent = decision.scale.unknown;
  if (silent.length === 0)
    return { type, status: 'True', reason: 'AllAnswer', message: 'The sessions of every pod are known' };
  const whys = decision.members.flatMap(({ pod: { name, facts } }) =>
    silent.includes(name) && facts?.answered === false ? [`${name}: ${facts.message}`] : [],
  );
  const named = (whys.length > 0 ? whys : silent).slice(0, namedPods).join('; ');
  const rest = silent.length > namedPods ? `; and ${silent.length - namedPods} more` : '';
  const { staleAfterSeconds } = cluster.spec.scaling.metrics;
  return {
    type,
    status: 'False',
    reason: 'PodsSilent',
    message: `No answer for ${staleAfterSeconds} s from ${named}${rest}. They count as full, so nothing is scaled down by their number: see whether the operator reaches their API port, and their logs`,
  };
}
