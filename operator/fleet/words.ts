/** What the fleet calls what it looks after: people read of calls on SFU pods, and of allocations on coturn pods. */
import type { PodView } from './pod.ts';

/** See the file comment. */
export interface Words {
  /** The kind that the pods belong to. */
  readonly owner: 'RTCCluster' | 'TurnServer';
  /** What must not be dropped, one of them and several. */
  readonly call: 'call' | 'allocation';
  readonly calls: 'calls' | 'allocations';
  /** What is counted. */
  readonly sessions: 'sessions' | 'allocations';
  /** Where clients find a pod. */
  readonly published: 'in DNS' | 'published';
  /** That it has just gone from there. */
  readonly left: string;
  /** Why a pod stays there although it should not. */
  readonly keptFor: string;
  /** How many pods must be there at least, and by what. */
  readonly minimum: (pods: number) => string;
  /** What ends a shortage of pods that are wanted beside more nodes. */
  readonly wantMore: string;
}

const sfu: Words = {
  owner: 'RTCCluster',
  call: 'call',
  calls: 'calls',
  sessions: 'sessions',
  published: 'in DNS',
  left: 'Left DNS',
  keptFor: 'discovery.minPublished',
  minimum: (pods) => `discovery.minPublished is ${pods}`,
  wantMore: 'spec.replicas, scaling.maxPods',
};

const coturn: Words = {
  owner: 'TurnServer',
  call: 'allocation',
  calls: 'allocations',
  sessions: 'allocations',
  published: 'published',
  left: 'Is published no more',
  keptFor: 'clients, who would have no TURN server at all',
  minimum: (pods) => `clients need ${pods} published TURN pod${pods === 1 ? '' : 's'} at least`,
  wantMore: 'placement.replicas',
};

/** By what the pod runs. */
export function wordsOf({ engine }: Pick<PodView, 'engine'>): Words {
  return engine === 'Coturn' ? coturn : sfu;
}
