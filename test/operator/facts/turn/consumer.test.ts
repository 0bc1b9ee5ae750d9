import { describe, expect, test } from '@jest/globals';
import { consumerOf } from '../../../../operator/facts/turn/consumer.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';

const secrets = new Set(['edge-ice-servers']);
const startedAt = '2026-11-23T12:00:00Z';
const pod = (spec: object, phase = 'Running'): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mattermost', namespace: 'chat' }, spec },
  status: { phase, containerStatuses: [{ name: 'app', state: { running: { startedAt } } }] },
});
const app = (rest: object): object => ({ containers: [{ name: 'app', ...rest }, { name: 'sidecar' }] });
const from = { envFrom: [{ secretRef: { name: 'edge-ice-servers' } }] };
const found = { name: 'chat/mattermost', startedMs: Date.parse(startedAt) };

test.each<[string, KubeObject, object | undefined]>([
  ['takes all variables', pod(app(from)), found],
  [
    'takes one variable',
    pod(app({ env: [{ valueFrom: { secretKeyRef: { name: 'edge-ice-servers' } } }] })),
    found,
  ],
  [
    'mounts it',
    pod({
      ...app({ volumeMounts: [{ name: 'turn' }] }),
      volumes: [{ name: 'turn', secret: { secretName: 'edge-ice-servers' } }],
    }),
    found,
  ],
  ['uses another one', pod(app({ envFrom: [{ secretRef: { name: 'other' } }] })), undefined],
  ['has ended', pod(app(from), 'Succeeded'), undefined],
])('a pod that %s', (_, object, expected) => {
  expect(consumerOf(object, secrets)).toEqual(expected);
});

describe('the clock of a node', () => {
  const created = '2026-11-23T11:00:00Z';
  const startOf = (startTime: string, running: string): number | undefined => {
    const status = { name: 'app', state: { running: { startedAt: running } } };
    const object = pod(app(from));
    return consumerOf(
      {
        ...object,
        metadata: { ...object.metadata, creationTimestamp: created },
        status: { phase: 'Running', startTime, containerStatuses: [status] },
      },
      secrets,
    )?.startedMs;
  };

  test('that is ahead does not make a container younger than it is: the API server dates the pod', () => {
    expect(startOf('2026-11-23T11:05:00Z', '2026-11-23T11:05:20Z')).toBe(Date.parse('2026-11-23T11:00:20Z'));
  });

  test('that is behind does not make it older', () => {
    expect(startOf('2026-11-23T10:30:00Z', '2026-11-23T10:30:20Z')).toBe(Date.parse('2026-11-23T11:00:20Z'));
  });

  test('counts how long the pod had been there when its container was started anew in place', () => {
    expect(startOf('2026-11-23T11:05:00Z', '2026-11-23T12:05:00Z')).toBe(Date.parse('2026-11-23T12:00:00Z'));
  });
});

test('a sidecar that takes the variables has them since it was started', () => {
  const sidecar = { name: 'side', restartPolicy: 'Always', ...from };
  const object = pod({ containers: [{ name: 'app' }], initContainers: [sidecar] });
  const initContainerStatuses = [{ name: 'side', state: { running: { startedAt } } }];
  expect(consumerOf({ ...object, status: { phase: 'Running', initContainerStatuses } }, secrets)).toEqual(
    found,
  );
});

test('a pod whose container has not been started yet will read what is there by then', () => {
  const waiting = { ...pod(app(from)), status: { phase: 'Pending' } };
  expect(consumerOf(waiting, secrets)).toEqual({ name: 'chat/mattermost' });
});
