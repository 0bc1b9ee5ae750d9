import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../operator/reconcile/action.ts';
import { stepsOf } from '../../../operator/reconcile/steps.ts';

const why = { reason: 'Because', message: 'of this' };

/** `create Secret/env`. */
function action(text: string): Action {
  const [type = '', kind = '', name = ''] = text.split(/[ /]/);
  const object = { apiVersion: 'v1', kind, metadata: { name } };
  if (type === 'apply') return { type, isNew: true, object, ...why };
  if (type === 'patch') return { type, object, metadata: {}, ...why };
  return { type: type as 'create' | 'delete', object, ...why };
}

const steps = (...texts: readonly string[]): readonly string[] =>
  stepsOf(texts.map(action)).map((step) =>
    step.map(({ type, object: { kind, metadata } }) => `${type} ${kind}/${metadata.name}`).join(', '),
  );

describe('a plan', () => {
  test('has its children made side by side, between the finalizer and the first pod', () => {
    expect(
      steps(
        'patch RTCCluster/calls',
        ...['create Secret/client', 'create Secret/admin', 'apply ConfigMap/sfu', 'apply Service/sfu'],
        ...['create ControllerRevision/1', 'create Pod/a', 'create Pod/b'],
      ),
    ).toEqual([
      'patch RTCCluster/calls',
      'create Secret/client, create Secret/admin, apply ConfigMap/sfu, apply Service/sfu, create ControllerRevision/1',
      'create Pod/a',
      'create Pod/b',
    ]);
  });

  test('hands credentials out after they are stored', () => {
    expect(steps('create Secret/client', 'apply Secret/binding', 'apply Service/sfu')).toEqual([
      'create Secret/client',
      'apply Secret/binding, apply Service/sfu',
    ]);
  });

  test('goes one by one where something is marked or deleted', () => {
    const one = ['patch Pod/a', 'patch Pod/b', 'delete Pod/c', 'delete ControllerRevision/1'];
    expect(steps(...one)).toEqual(one);
    expect(steps('apply Service/a', 'delete PodDisruptionBudget/b', 'apply Service/c')).toHaveLength(3);
  });

  test('that is empty has no steps', () => {
    expect(steps()).toEqual([]);
  });
});
