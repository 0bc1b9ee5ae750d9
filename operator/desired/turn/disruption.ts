/** The PodDisruptionBudget that keeps allocations from node maintenance. */
import type { TurnServer } from '../../api/turnserver.ts';
import { never } from '../disruption.ts';
import { labels } from '../names.ts';
import type { DesiredObject } from '../object.ts';
import { turnMeta } from './meta.ts';
import { turnNames, turnPodSelector } from './names.ts';

/** None when the budget is switched off. */
export function turnDisruptionBudget(server: TurnServer): DesiredObject | undefined {
  const { budget } = server.spec.disruption;
  if (budget === 'None') return undefined;
  const busyOnly = budget === 'BusyOnly' ? { [labels.busy]: 'true' } : {};
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: turnMeta(server, turnNames.disruptionBudget(server)),
    spec: {
      minAvailable: never,
      unhealthyPodEvictionPolicy: 'IfHealthyBudget',
      selector: { matchLabels: { ...turnPodSelector(server), ...busyOnly } },
    },
  };
}
