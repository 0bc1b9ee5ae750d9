import { expect, test } from '@jest/globals';
import { turnServerSchema } from '../../../../operator/api/turnserver.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { authActions, contentsOf } from '../../../../operator/reconcile/turn/authSecret.ts';
import type { Rotation } from '../../../../operator/turn/rotation/state.ts';

const server = turnServerSchema.parse({
  ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer', spec: {} },
  metadata: { name: 'edge', namespace: 'calls', uid: 'u' },
});
const since = 'rtc.progressnet.gr/turn-secret-since';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const theirs: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'Secret' },
  metadata: {
    name: 'edge-turn',
    namespace: 'calls',
    uid: 's',
    annotations: { theirs: 'x', [since]: 'then' },
  },
  data: { secret: base64('a'), next: base64('b'), other: base64('c') },
};
const rotation = (contents: Rotation['contents']): Rotation => ({
  ...{ stage: 'Overlapping', contents, waitingFor: [] },
  reason: { reason: 'Why', message: 'because' },
});

test('only our keys and annotations are read', () => {
  expect(contentsOf(theirs)).toEqual({ secret: 'a', next: 'b', annotations: { [since]: 'then' } });
  expect(contentsOf(undefined)).toBeUndefined();
});

test('a step is one patch of what changes, and takes nothing of others away', () => {
  const switched = { secret: 'b', previous: 'a', annotations: { [since]: 'now' } };
  expect(authActions(server, theirs, rotation(switched))).toMatchObject([
    {
      type: 'patch',
      object: theirs,
      metadata: { annotations: { [since]: 'now' } },
      data: { secret: base64('b'), previous: base64('a'), next: null },
    },
  ]);
});

test('nothing is written when it is as it should be', () => {
  expect(
    authActions(server, theirs, rotation({ secret: 'a', next: 'b', annotations: { [since]: 'then' } })),
  ).toEqual([]);
});

test('a Secret that is missing is created, and never taken over', () => {
  const [action] = authActions(server, undefined, rotation({ secret: 'a', annotations: {} }));
  expect(action).toMatchObject({ type: 'create', object: { data: { secret: base64('a') } } });
});
