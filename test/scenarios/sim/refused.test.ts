/** What people read while the operator may not do what it wants to: the same from one look to the next. */
import { describe, expect, it } from '@jest/globals';
import type { RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import { annotations } from '../../../operator/desired/names.ts';
import { ForbiddenError } from '../../../operator/kube/errors.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { plain } from './intruders.ts';
import { playScenario, type Intruder } from './run.ts';
import type { Scenario } from './scenario.ts';
import { clusterKey, type World } from './world.ts';

const fromMs = 60_000;
/** The drain is over by then, and the pod is to go. */
const dueMs = 170_000;
const untilMs = 280_000;
/** Nobody calls, so one of three pods drains within a minute and a half and is to go. */
const shrinks: Scenario = {
  ...{ ...plain, callEveryMs: 10_000_000, calmAtMs: 300_000 },
  spec: { replicas: 3, engine: { image: 'sfu:1.2.6' } },
  events: [{ kind: 'scale', replicas: 2, atMs: fromMs }],
};

interface Told {
  readonly ready: readonly string[];
  readonly members: readonly string[];
}

/** What the status said between the moment that the pod was due and the end, each change of it. */
async function told(hinder: (world: World) => void, relent: (world: World) => void): Promise<Told> {
  const [ready, members] = [new Set<string>(), new Set<string>()];
  const look = (world: World): void => {
    const status = world.cluster?.['status'] as RtcClusterStatus;
    const { reason = '', message = '' } = status.conditions?.find(({ type }) => type === 'Ready') ?? {};
    ready.add(`${reason}: ${message}`);
    members.add((status.members ?? []).map((one) => `${one.name} ${one.state} ${one.reason}`).join());
  };
  const intruder: Intruder = (world) => {
    world.time.after(fromMs + 1_000, () => hinder(world));
    for (let ms = dueMs; ms < untilMs; ms += 100) world.time.after(ms, () => look(world));
    for (let ms = dueMs; ms < untilMs; ms += 1_300) world.time.after(ms, () => touch(world, ms));
    world.time.after(untilMs, () => relent(world));
  };
  const { violations } = await playScenario(shrinks, intruder);
  expect(violations).toEqual([]);
  return { ready: [...ready], members: [...members] };
}

describe('a pod that is to go', () => {
  it('and may not be deleted is told of in one way, and goes when it may', async () => {
    const refused: (() => void)[] = [];
    const { ready, members } = await told(
      ({ server }) => {
        const remove = server.delete.bind(server);
        server.delete = (resource, ...rest) => {
          if (resource.kind === 'Pod') throw forbidden();
          remove(resource, ...rest);
        };
        refused.push(() => (server.delete = remove));
      },
      () => refused.forEach((end) => end()),
    );
    expect(ready).toEqual([expect.stringMatching(/^Forbidden: Cannot delete Pod calls-sfu-\d: /)]);
    expect(members).toEqual([expect.stringMatching(/calls-sfu-\d Draining Forbidden/)]);
  });

  it('while the cluster is paused is told of in one way, and goes after the pause', async () => {
    const pause = (value: string | null) => (world: World) =>
      world.server.mergePatch(resources.rtcclusters, clusterKey, {
        metadata: { annotations: { [annotations.paused]: value } },
      });
    const { ready, members } = await told(pause('looking into it'), pause(null));
    expect(ready).toEqual([expect.stringMatching(/^Paused: /)]);
    expect(members).toEqual([expect.stringMatching(/calls-sfu-\d Draining Paused/)]);
  });
});

/** Something that the operator looks at again for, at a moment that has nothing to do with its rounds. */
function touch({ server }: World, ms: number): void {
  const annotations = { 'played.example/touched': String(ms) };
  server.mergePatch(resources.rtcclusters, clusterKey, { metadata: { annotations } });
}

function forbidden(): ForbiddenError {
  return new ForbiddenError({
    ...{ call: 'delete pods', status: 403, reason: 'Forbidden', message: 'pods is forbidden' },
  });
}
