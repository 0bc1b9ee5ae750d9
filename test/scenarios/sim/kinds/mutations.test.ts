/** The invariants that kinds of scenarios need, each shown an operator that breaks it, by an injected fault. */
import { describe, expect, it } from '@jest/globals';
import { annotations, labels } from '../../../../operator/desired/names.ts';
import type { KubeApi, KubeObject } from '../../../../operator/kube/api.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../../operator/reconcile/nodeView.ts';
import { at, busyMs, marks, plain, pods } from '../intruders.ts';
import type { OperatorProcess } from '../operatorProcess.ts';
import { playScenario, type Intruder } from '../run.ts';
import { clusterKey } from '../world.ts';
import type { Scenario } from '../scenario.ts';

interface Broken {
  readonly what: string;
  readonly invariant: string;
  /** What people, programs and machines do meanwhile. Default: nothing. */
  readonly scenario?: Partial<Scenario>;
  readonly operator: Intruder;
}

const request = (state: 'Cordoned' | 'Draining'): Partial<Scenario> => ({
  spec: { replicas: 3, engine: { image: 'sfu:1.2.6' } },
  events: [{ kind: 'request', node: 1, state, atMs: busyMs }],
});

const ofPeople: readonly Broken[] = [
  {
    what: 'deletes a pod that is to be kept',
    invariant: 'I13 a request is obeyed',
    scenario: request('Cordoned'),
    operator: at(busyMs + 1_000, async (api, world) => {
      const { metadata } = pods(world).find(isAsked)!;
      await api.delete(resources.pods, metadata, { uid: metadata.uid ?? '' });
    }),
  },
  {
    what: 'publishes a pod that is cordoned',
    invariant: 'I13 a request is obeyed',
    scenario: request('Cordoned'),
    operator: at(busyMs + 400_000, async (api, world) => {
      const metadata = { labels: { [labels.published]: 'true' } };
      await api.mergePatch(resources.pods, pods(world).find(isAsked)!.metadata, { metadata });
    }),
  },
  {
    what: 'goes on with a drain that was taken back',
    invariant: 'I13 a request is obeyed',
    scenario: { events: [] },
    operator: (world) =>
      world.time.after(busyMs, () => {
        for (const operator of world.operators) operator.kill();
        const metadata = { annotations: { [annotations.drain]: 'Requested' } };
        world.server.mergePatch(resources.pods, pods(world)[0]!.metadata, { metadata });
      }),
  },
  {
    what: 'takes back the deadline that a person gave',
    invariant: 'I13 a request is obeyed',
    scenario: {
      events: [
        ...request('Draining').events!,
        { kind: 'moveDeadline', node: 1, inMs: 90_000, atMs: busyMs + 10_000 },
      ],
    },
    operator: at(busyMs + 11_000, moveDeadlines(null)),
  },
];

const ofReplicas: readonly Broken[] = [
  {
    what: 'writes although another one leads',
    invariant: 'I14 one replica acts',
    operator: at(busyMs, async (api, world) => {
      const metadata = { annotations: { seen: 'twice' } };
      await api.mergePatch(resources.pods, pods(world)[0]!.metadata, { metadata });
    }),
  },
  {
    what: 'is stopped and holds on to the lease',
    invariant: 'I14 one replica acts',
    scenario: {
      operators: ['a', 'b'],
      events: [{ kind: 'stop', operator: 'a', downMs: 20_000, atMs: busyMs }],
    },
    operator: (world) => world.time.after(busyMs - 1, () => world.operators.forEach(killInsteadOfStop)),
  },
  {
    what: 'changes a cluster that is paused',
    invariant: 'I15 paused is left alone',
    scenario: {
      events: [
        { kind: 'pause', value: 'looking into it', atMs: busyMs },
        { kind: 'pause', atMs: busyMs + 60_000 },
      ],
    },
    operator: at(busyMs + 30_000, async (api, world) => {
      await api.mergePatch(resources.pods, pods(world)[0]!.metadata, marks({ published: null }));
    }),
  },
];

const probed: Partial<Scenario> = {
  spec: { replicas: 3, engine: { image: 'sfu:1.2.6' } },
  placesProbes: true,
};
const closed: Scenario['events'] = [{ kind: 'closeWay', way: 'media', node: 1, forMs: 200_000, atMs: 0 }];
const onNode1 = (pod: KubeObject): boolean => nodeNameOf(pod) === 'n1';

const ofProbes: readonly Broken[] = [
  {
    what: 'publishes a pod that no call reaches',
    invariant: 'I16 only whom calls reach is published',
    scenario: { ...probed, events: closed },
    operator: at(100_000, async (api, world) => {
      const metadata = { labels: { [labels.published]: 'true' } };
      await api.mergePatch(resources.pods, pods(world).find(onNode1)!.metadata, { metadata });
    }),
  },
  {
    what: 'leaves a pod in DNS that calls do not reach any more',
    invariant: 'I16 only whom calls reach is published',
    scenario: {
      ...{ ...probed, callEveryMs: 900_000 },
      events: closed.map((event) => ({ ...event, atMs: 60_000 })),
    },
    operator: (world) =>
      world.time.after(50_000, () => {
        for (const operator of world.operators) operator.kill();
      }),
  },
];

const ofNumbers: readonly Broken[] = [
  {
    what: 'takes a pod that the load needs for an update that has made none in its place',
    invariant: 'I9 capacity covers demand',
    scenario: {
      spec: { replicas: 3, engine: { image: 'sfu:1.2.6' } },
      events: [
        { kind: 'calls', count: 9, sessions: 24, atMs: busyMs - 40_000 },
        { kind: 'scale', replicas: 2, atMs: busyMs },
      ],
    },
    operator: at(busyMs + 5_000, async (api, world) => {
      const { metadata } = marks({ published: null });
      const change = { ...metadata, annotations: { [annotations.drain]: 'Rollout' } };
      await api.mergePatch(resources.pods, pods(world)[0]!.metadata, { metadata: change });
    }),
  },
  {
    what: 'goes on with more pods than the autoscaler outside asks for',
    invariant: 'I17 none is too many',
    scenario: { spec: { replicas: 2, scaling: { mode: 'External' }, engine: { image: 'sfu:1.2.6' } } },
    operator: (world) =>
      world.time.after(busyMs, () => {
        for (const operator of world.operators) operator.kill();
        world.server.mergePatch(resources.rtcclusters, clusterKey, { spec: { replicas: 1 } });
      }),
  },
];

describe('an invariant of a kind of scenarios', () => {
  it.each([...ofPeople, ...ofReplicas, ...ofProbes, ...ofNumbers])(
    'notices an operator that $what',
    async ({ invariant, scenario, operator }) => {
      const played = { ...plain, ...scenario };
      expect((await playScenario(played)).violations).toEqual([]);
      const { violations } = await playScenario(played, operator);
      expect(violations.map((violation) => violation.invariant)).toContain(invariant);
    },
  );
});

/** A process that only ends: others wait until its lease has run out. */
function killInsteadOfStop(process: OperatorProcess): void {
  Object.assign(process, { stop: () => process.kill() });
}

function isAsked({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[annotations.requestedState] !== undefined;
}

function moveDeadlines(deadline: string | null): Parameters<typeof at>[1] {
  return async (api: KubeApi, world) => {
    const metadata = { annotations: { [annotations.drainDeadline]: deadline } };
    for (const pod of pods(world)) await api.mergePatch(resources.pods, pod.metadata, { metadata });
  };
}
