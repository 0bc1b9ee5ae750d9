import { expect, test } from '@jest/globals';
import type { KubeApi, KubeObject } from '../../../../operator/kube/api.ts';
import { services } from '../../../../operator/kube/resources.ts';
import { silentLog } from '../../../../operator/ops/logger.ts';
import { notReadable, refuseTurn } from '../../../../operator/reconcile/turn/refuse.ts';

const lack = { resource: services, availability: 'Forbidden' } as const;
const before = { replicas: 2, conditions: [{ type: 'Available', status: 'True' }] };
const object: KubeObject = {
  ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer', status: before },
  metadata: { name: 'edge', namespace: 'calls', uid: 'u', generation: 3 },
};

/** What is written to the status, and the events. */
interface Told {
  readonly statuses: unknown[];
  readonly events: string[];
  /** What metrics are told of Ready. */
  readonly ready: (string | undefined)[];
}

async function told(about: KubeObject): Promise<Told> {
  const [statuses, events, ready]: [unknown[], string[], Told['ready']] = [[], [], []];
  const kube = {
    apply: (_: unknown, body: KubeObject) => {
      statuses.push(body['status']);
      return Promise.resolve(body);
    },
  } as unknown as KubeApi;
  await refuseTurn(about, notReadable(lack), {
    ...{ kube, log: silentLog, onWritten: () => undefined, wallMs: () => 0 },
    refuse: ({ conditions = [] }) => void ready.push(conditions[0]?.status),
    record: (_, { reason, message }) => void events.push(`${reason}: ${message}`),
  });
  return { statuses, events, ready };
}

test('a TurnServer whose Services may not be listed says so in Ready, and keeps the rest of its status', async () => {
  const { statuses, events, ready } = await told(object);
  expect(ready).toEqual(['False']);
  expect(statuses).toMatchObject([
    {
      ...before,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'NotReadable', observedGeneration: 3 },
        { type: 'Available' },
      ],
    },
  ]);
  expect(events).toEqual([expect.stringMatching(/^NotReadable: .*may not list services.*its chart/)]);
});

test('that is written and told once, but for its metrics', async () => {
  const { statuses } = await told(object);
  expect(await told({ ...object, status: statuses[0] })).toEqual({
    ...{ statuses: [], events: [] },
    ready: ['False'],
  });
});
