/** Whether the kernels of the nodes are set as media needs them. */
import { sfuPorts } from '../ports.ts';
import { untuned } from '../../fleet/nodes/tuning.ts';
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

const type = 'NodesTuned';

/** NodesTuned: advice, with the command that follows it. Nothing waits for it. */
export function nodesTuned({ cluster, decision: { members } }: ConditionInput): Verdict {
  const ports = sfuPorts(cluster);
  const looked = members.flatMap(({ pod: { facts, nodeName } }) => {
    const kernel = facts?.answered === true ? facts.kernel : undefined;
    return kernel === undefined || nodeName === undefined
      ? []
      : [{ nodeName, found: untuned(kernel, ports) }];
  });
  if (looked.length === 0)
    return {
      type,
      status: 'Unknown',
      reason: 'NotTold',
      message: 'No SFU has told the settings of its node',
    };
  const wrong = looked.filter(({ found }) => found.length > 0);
  const [first] = wrong;
  if (first === undefined)
    return { type, status: 'True', reason: 'Tuned', message: 'The kernels of the nodes are set for media' };
  const nodes = [...new Set(wrong.map(({ nodeName }) => nodeName))].toSorted();
  const settings = [...new Set(wrong.flatMap(({ found }) => found.map(({ setting }) => setting)))];
  const problems = [...new Set(wrong.flatMap(({ found }) => found.map(({ problem }) => problem)))];
  return {
    type,
    status: 'False',
    reason: 'SettingsTooSmall',
    message: `${nodesText(nodes)}: ${problems.join('; ')}. On each of them: sysctl -w ${settings.join(' ')}`,
  };
}

function nodesText(nodes: readonly string[]): string {
  const more = nodes.length - namedPods;
  return `Nodes ${nodes.slice(0, namedPods).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
