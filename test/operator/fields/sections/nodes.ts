/** `spec.placement` and `spec.disruption`: which nodes, and what when they go. */
import { facts } from '../../../support/pods.ts';
import type { Section, SpecPart } from '../entry.ts';
import { nodeOf, nodesOf, running, type Situation } from '../situation.ts';

const toleration = { key: 'dedicated', operator: 'Equal', value: 'media', effect: 'NoSchedule' };
const borne = (change: SpecPart = {}): SpecPart => ({
  placement: { tolerations: [{ ...toleration, ...change }] },
});
const toleratesOnly = (change: SpecPart): { from: SpecPart; set: SpecPart } => ({
  from: borne(),
  set: borne(change),
});

/** The node of a busy pod is closed by this taint. */
const closing = (key: string): Situation => ({
  ...running({ facts: facts({ sessions: 2 }) }, {}),
  nodes: [nodeOf(0, { spec: { taints: [{ key, effect: 'NoSchedule' }] } }), ...nodesOf(3).slice(1)],
});

/** See the file comment. */
export const nodes: Section = {
  'placement.nodeSelector': { set: { placement: { nodeSelector: { pool: 'media' } } } },
  'placement.tolerations[].key': toleratesOnly({ key: 'pool' }),
  'placement.tolerations[].operator': {
    from: { placement: { tolerations: [{ key: 'dedicated' }] } },
    set: { placement: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } },
  },
  'placement.tolerations[].value': toleratesOnly({ value: 'voice' }),
  'placement.tolerations[].effect': toleratesOnly({ effect: 'NoExecute' }),
  'placement.tolerations[].tolerationSeconds': {
    from: borne({ effect: 'NoExecute' }),
    set: borne({ effect: 'NoExecute', tolerationSeconds: 60 }),
  },
  'placement.zoneSpread': { set: { placement: { zoneSpread: 'Required' } } },
  'placement.priorityClassName': { set: { placement: { priorityClassName: 'voice' } } },
  'disruption.budget': { set: { disruption: { budget: 'All' } } },
  'disruption.autoscalerHints': { set: { disruption: { autoscalerHints: 'Off' } }, in: running() },
  'disruption.replaceBeforeNodeDrain': {
    set: { disruption: { replaceBeforeNodeDrain: false } },
    in: closing('node.kubernetes.io/unschedulable'),
    oneWay: 'a drain goes on for as long as its cause holds',
  },
  'disruption.drainTaints[]': {
    set: { disruption: { drainTaints: ['example.com/leaving'] } },
    in: closing('example.com/leaving'),
  },
};
