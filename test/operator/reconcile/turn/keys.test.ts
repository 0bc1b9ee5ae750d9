import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { isTurnKey, keyOf, turnKey, turnNeighbours, turnUsers } from '../../../../operator/reconcile/keys.ts';

const object = (kind: string, name: string, rest: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, namespace: 'calls' } },
  ...rest,
});
const edge = turnKey({ namespace: 'calls', name: 'edge' });
const elsewhere = turnKey({ namespace: 'other', name: 'edge' });

test('a key of a TurnServer is none of an RTCCluster of the same name', () => {
  expect(keyOf(edge)).toEqual({ namespace: 'calls', name: 'edge' });
  expect([edge, 'calls/edge'].map(isTurnKey)).toEqual([true, false]);
});

test('a TurnServer, or a Secret of one, concerns the RTCClusters of its namespace that use it', () => {
  const clusters = [
    object('RTCCluster', 'voice', { spec: { turn: { turnServerName: 'edge' } } }),
    object('RTCCluster', 'other', { spec: {} }),
  ];
  const labels = { 'rtc.progressnet.gr/turnserver': 'edge' };
  const secret = { ...object('Secret', 's'), metadata: { name: 's', namespace: 'calls', labels } };
  expect(turnUsers({ current: object('TurnServer', 'edge') }, clusters)).toEqual(['calls/voice']);
  expect(turnUsers({ previous: secret }, clusters)).toEqual(['calls/voice']);
  expect(turnUsers({ current: object('TurnServer', 'far') }, clusters)).toEqual([]);
});

test('an SFU pod concerns the TurnServers of its namespace when its address changes, not at each heartbeat', () => {
  const pod = (status: object): KubeObject => object('Pod', 'calls-sfu-0', { status });
  const at = (podIP: string): KubeObject => pod({ podIP, conditions: [] });
  expect(turnNeighbours({ current: at('10.0.0.1') }, [edge, elsewhere])).toEqual([edge]);
  const later = { name: 'calls-sfu-0', namespace: 'calls', resourceVersion: '2' };
  const beat = { ...pod({ podIP: '10.0.0.1', conditions: [{ type: 'Ready' }] }), metadata: later };
  expect(turnNeighbours({ previous: at('10.0.0.1'), current: beat }, [edge])).toEqual([]);
  expect(turnNeighbours({ previous: at('10.0.0.1'), current: at('10.0.0.2') }, [edge])).toEqual([edge]);
});

test('what the operator wrote itself, and so knows before its event, concerns them too', () => {
  const written = object('Secret', 'calls-mattermost-env', { data: { key: 'new' } });
  expect(turnNeighbours({ previous: written, current: written }, [edge])).toEqual([edge]);
});
