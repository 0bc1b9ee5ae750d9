/** Whether there are nodes enough, said before a pod waits for one. */
import type { NodeSupply } from '../../fleet/nodes/eligible.ts';
import type { RtcClusterSpec } from '../../api/rtccluster.ts';
import type { Reason } from '../../fleet/pod.ts';
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

type Scaling = RtcClusterSpec['scaling'];

const type = 'NodesSufficient';
const remedy = 'add nodes, or widen placement.nodeSelector and placement.tolerations';

/** NodesSufficient: every pod that is wanted has a node, or could have. */
export function nodesSufficient({
  cluster,
  decision,
  nodes,
}: Pick<ConditionInput, 'cluster' | 'decision' | 'nodes'>): Verdict<'NodesSufficient'> {
  if (nodes === undefined)
    return {
      type,
      status: 'Unknown',
      reason: 'NodesNotReadable',
      message:
        'The operator may not list nodes, so it does not see that they are drained, and knows no addresses but those of pods: grant it list and watch on nodes (chart value rbac.nodes)',
    };
  const { eligible } = nodes;
  const { wanted } = decision;
  const { strategy, maxSurge } = cluster.spec.update;
  const surge = strategy === 'Surge' ? maxSurge : 0;
  const message = `${counted(eligible, 'node')} can carry a pod, ${wanted} wanted`;
  const lack = (reason: string, why: string): Verdict<typeof type> => {
    return { type, status: 'False', reason, message: `${why}: ${remedy}${rest(nodes)}` };
  };
  if (eligible < wanted) return lack('TooFewNodes', message);
  if (eligible < wanted + surge)
    return lack('NoNodeForSurge', `${message}, and update.maxSurge asks for ${surge} more at a rollout`);
  const later = laterLack(cluster.spec.scaling, eligible, wanted);
  if (later === undefined) return { type, status: 'True', reason: 'EnoughNodes', message };
  return {
    type,
    status: 'True',
    reason: later.reason,
    message: `${message}; ${later.message}${unfit(nodes)}`,
  };
}

/** What is enough today, and will not be when the demand grows or a pod is to be replaced. */
function laterLack(scaling: Scaling, eligible: number, wanted: number): Reason | undefined {
  if (scaling.mode === 'Auto' && eligible < scaling.maxPods)
    return {
      reason: 'FewerThanMaxPods',
      message: `scaling.maxPods is ${scaling.maxPods}, which only more nodes can give`,
    };
  if (eligible > wanted) return undefined;
  return {
    reason: 'NoSpareNode',
    message:
      'none is left for a pod that is to replace another: with one more, nobody is short while a node is drained',
  };
}

/** How many of what, in the right number. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What is against the other nodes. Those that only have not the label are not meant for us, unless there are no others. */
function rest(nodes: NodeSupply): string {
  return unfit(nodes) || sentenceOf(nodes.excluded);
}

/** What is against those that are meant for us. */
function unfit({ excluded }: NodeSupply): string {
  return sentenceOf(excluded.filter(({ reason }) => reason !== 'NodeSelector'));
}

function sentenceOf(told: NodeSupply['excluded']): string {
  if (told.length === 0) return '';
  const named = told.slice(0, namedPods).map(({ node, message }) => `${node} ${message}`);
  const more = told.length - named.length;
  return `. ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
