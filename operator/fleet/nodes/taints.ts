/** Which taints keep a pod away, as the scheduler sees it. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { NodeView, Taint } from './node.ts';

type Toleration = RtcCluster['spec']['placement']['tolerations'][number];

/** What a cordon is to the scheduler; the taint itself follows a moment later. */
const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** The taints of a node that keep new pods with these tolerations off it. Soft ones (`PreferNoSchedule`) do not. */
export function closingTaints(node: NodeView, tolerations: readonly Toleration[]): Taint[] {
  const isKnown = node.taints.some(({ key }) => key === cordon.key);
  const taints = node.isCordoned && !isKnown ? [cordon, ...node.taints] : node.taints;
  return taints.filter(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => bears(toleration, taint)),
  );
}

/** core/v1 `Toleration.ToleratesTaint`. */
function bears({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || value === (taint.value ?? '');
}
