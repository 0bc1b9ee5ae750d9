import { describe, expect, test } from '@jest/globals';
import { annotations, labels } from '../../../operator/desired/names.ts';
import { revisionInputs, revisionOf } from '../../../operator/desired/revision.ts';
import { revisionObject, revisionRecord, templateOf } from '../../../operator/desired/revisionRecord.ts';
import { podTemplate } from '../../../operator/desired/sfuPod.ts';
import type { RecordMark } from '../../../operator/fleet/rollout/records.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { revisionActions, revisionEvents } from '../../../operator/reconcile/revisions.ts';
import { aDecision } from '../../support/decisions.ts';
import { before, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const cluster = aCluster({ engine: { image: 'sfu:2', workers: 2 } });
const inputs = revisionInputs(cluster, 'own');
const revision = revisionOf(inputs);
const earlier = aCluster({ engine: { image: 'sfu:1' } });

/** The ControllerRevision number `ordinal` of the cluster as it was. */
function recorded(
  of: typeof cluster,
  ordinal: number,
  marks: Readonly<Record<string, string>> = {},
): KubeObject {
  const { metadata, ...rest } = revisionObject(of, revisionInputs(of, 'own'), ordinal);
  return { ...rest, metadata: { ...metadata, annotations: marks } };
}
const proven = { [annotations.proven]: new Date(before(1000)).toISOString() };

interface Change {
  readonly revisions: readonly KubeObject[];
  readonly leftovers?: readonly KubeObject[];
  readonly mark?: RecordMark;
  readonly pods?: readonly KubeObject[];
}

function actions({ revisions, leftovers = [], mark, pods = [] }: Change): Action[] {
  const { rollout } = aDecision();
  const decided = { ...rollout, target: revision, current: revision, ...(mark && { mark }) };
  return revisionActions({ cluster, revisions, leftovers, inputs, rollout: decided, pods, nowMs });
}

/** `type name: message`. */
const text = ({ type, object, message }: Action): string => `${type} ${object.metadata.name}: ${message}`;

describe('a revision', () => {
  test('is recorded before the first pod of it, with what its pods are made from', () => {
    const [action] = actions({ revisions: [] });
    expect(action?.object).toMatchObject({ kind: 'ControllerRevision', revision: 1, data: inputs });
    expect(revisionEvents([action!])).toEqual([]);
  });

  test('of a cluster of the same name that is gone makes room for our own', () => {
    const texts = actions({ revisions: [], leftovers: [recorded(cluster, 1)] }).map(text);
    expect(texts).toEqual([
      `delete calls-${revision}: It belongs to an RTCCluster of this name that is gone`,
      `create calls-${revision}: Pods are made of revision ${revision}`,
    ]);
  });

  test('that is to replace another says in what it differs', () => {
    const [action] = actions({ revisions: [recorded(earlier, 4, proven)] });
    const before = revisionOf(revisionInputs(earlier, 'own'));
    expect(action?.object['revision']).toBe(5);
    expect(revisionEvents([action!])).toEqual([
      {
        type: 'Normal',
        reason: 'RolloutBegins',
        message: `Pods are to be of revision ${revision}, which differs from ${before} in image sfu:2, engine.workers`,
      },
    ]);
  });

  test('that is recorded is not recorded again', () => {
    expect(actions({ revisions: [recorded(cluster, 1)] })).toEqual([]);
  });

  test.each([
    ['CanaryPassed', 'Normal', { isCanaryPassed: true }],
    ['Proven', 'Normal', { isCanaryPassed: false, provenMs: nowMs }],
    ['Failed', 'Warning', { isCanaryPassed: false, failure: { reason: 'Because', message: 'a: b' } }],
  ] as const)('that is %s is marked so, told once, and read again', (kind, type, record) => {
    const mark = { kind, revision, reason: 'Because', message: 'a: b' };
    const object = recorded(cluster, 1);
    const [action] = actions({ revisions: [object], mark });
    expect(revisionEvents([action!])).toEqual([{ type, reason: 'Because', message: 'a: b' }]);
    const { annotations: marks } = (action as Action & { type: 'patch' }).metadata;
    const marked = {
      ...object,
      metadata: { ...object.metadata, annotations: marks as Record<string, string> },
    };
    expect(revisionRecord(marked)).toEqual({ revision, ...record });
  });

  test('whose failure was written by hand is read as it is', () => {
    const object = recorded(cluster, 1, { [annotations.failed]: 'do not want' });
    expect(revisionRecord(object).failure).toEqual({ reason: 'Failed', message: 'do not want' });
  });

  test('goes when there are too many, the oldest first, unless a pod is of it', () => {
    const old = Array.from({ length: 12 }, (_, index) =>
      recorded(aCluster({ engine: { image: `sfu:old-${index}` } }), index + 1),
    );
    const pods = [{ ...old[0]!, kind: 'Pod' }];
    const texts = actions({ revisions: [...old, recorded(cluster, 13)], pods }).map(text);
    expect(texts).toEqual([1, 2, 3].map((index) => `delete ${old[index]!.metadata.name}: 10 are kept`));
  });
});

describe('pods', () => {
  const of = { cluster, operatorsImage: 'own', revisions: [recorded(earlier, 1)] };

  test('of an earlier revision are made as they were', () => {
    const template = podTemplate(earlier, 'own');
    expect(templateOf(template.labels[labels.revision]!, of)).toEqual(template);
  });

  test('of a revision that nobody remembers are made as the spec says', () => {
    expect(templateOf('gone', of)).toEqual(podTemplate(cluster, 'own'));
  });
});
