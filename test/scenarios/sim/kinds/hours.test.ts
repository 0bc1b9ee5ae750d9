/** The invariants about the time of day, each shown an operator that breaks it, by an injected fault. */
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../../../operator/desired/names.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import { at, busyMs, marks, plain, pods } from '../intruders.ts';
import { playScenario, type Intruder } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { clusterKey } from '../world.ts';

interface Broken {
  readonly what: string;
  readonly invariant: string;
  readonly scenario: Partial<Scenario>;
  readonly operator: Intruder;
}

const image = 'sfu:1.2.6';
const closed: Partial<Scenario> = {
  spec: {
    ...{ replicas: 2, engine: { image } },
    update: { canary: { pods: 0 }, windows: [{ name: 'night', cron: '0 22 * * *', durationSeconds: 600 }] },
  },
  hours: [],
  events: [{ kind: 'image', tag: '1.3.0', atMs: busyMs - 60_000 }],
};
const paused: Partial<Scenario> = {
  ...{ ...closed, nodes: 1, callEveryMs: 900_000 },
  spec: { replicas: 1, engine: { image }, update: { paused: true, canary: { pods: 0 } } },
};
const scaling = { mode: 'Auto', minPods: 2, maxPods: 3, target: { sessionsPerPod: 200 } };
const dryRun: Partial<Scenario> = { spec: { engine: { image }, scaling: { ...scaling, dryRun: true } } };
const planned: Partial<Scenario> = {
  spec: {
    engine: { image },
    scaling: {
      ...scaling,
      schedules: [
        {
          name: 'day',
          cron: '2 8 * * *',
          durationSeconds: 170,
          minPods: 3,
          scaleDown: 'Inhibit',
          prewarm: false,
        },
      ],
    },
  },
  plans: [{ fromMs: 120_000, toMs: 290_000, pods: 3, inhibits: true }],
};
const wants = (desiredPods: number): Intruder =>
  at(busyMs, async (api) =>
    api.mergePatch(
      resources.rtcclusters,
      { ...clusterKey, subresource: 'status' },
      { status: { desiredPods } },
    ),
  );

const broken: readonly Broken[] = [
  {
    ...{ what: 'begins to replace a pod when no window is open', invariant: 'I18 only in hours' },
    scenario: closed,
    operator: at(busyMs, async (api, world) => {
      const metadata = { annotations: { [annotations.drain]: 'Rollout' } };
      await api.mergePatch(resources.pods, pods(world)[0]!.metadata, { metadata });
    }),
  },
  {
    what: 'replaces the only pod of the only node although the update is paused',
    ...{ invariant: 'I18 only in hours', scenario: paused },
    operator: at(busyMs, async (api, world) => {
      const { metadata } = pods(world)[0]!;
      await api.delete(resources.pods, metadata, { uid: metadata.uid ?? '' });
    }),
  },
  {
    ...{ what: 'wants more pods in a dry run', invariant: 'I19 a dry run changes nothing' },
    ...{ scenario: dryRun, operator: wants(3) },
  },
  {
    ...{ what: 'lets a pod go in a dry run', invariant: 'I19 a dry run changes nothing' },
    scenario: dryRun,
    operator: at(busyMs, async (api, world) => {
      const { metadata } = marks({ published: null });
      const change = { ...metadata, annotations: { [annotations.drain]: 'ScaleDown' } };
      await api.mergePatch(resources.pods, pods(world)[0]!.metadata, { metadata: change });
    }),
  },
  {
    ...{ what: 'wants fewer pods although a schedule forbids it', invariant: 'I20 inhibited is kept' },
    ...{ scenario: planned, operator: wants(2) },
  },
  {
    ...{ what: 'sleeps when a schedule begins', invariant: 'I21 what was planned is asked for' },
    scenario: planned,
    operator: (world) =>
      world.time.after(110_000, () => {
        for (const operator of world.operators) operator.kill();
      }),
  },
];

describe('an invariant about the time of day', () => {
  it.each(broken)(
    'notices an operator that $what',
    async ({ invariant, scenario, operator }) => {
      const played = { ...plain, ...scenario };
      expect((await playScenario(played)).violations).toEqual([]);
      const { violations } = await playScenario(played, operator);
      expect(violations.map((violation) => violation.invariant)).toContain(invariant);
    },
    120_000,
  );
});
