import { expect, test } from '@jest/globals';
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

test('a pod whose container has not been started yet will read what is there by then', () => {
  const waiting = { ...pod(app(from)), status: { phase: 'Pending' } };
  expect(consumerOf(waiting, secrets)).toEqual({ name: 'chat/mattermost' });
});
