import { describe, expect, test } from '@jest/globals';
import { bindingCopies } from '../../../operator/desired/bindingCopies.ts';
import type { Reach } from '../../../operator/desired/copyRecord.ts';
import { desiredChildren } from '../../../operator/desired/rtccluster.ts';
import { conditionEvents, refusalEvents } from '../../../operator/reconcile/conditionEvents.ts';
import { copyActions } from '../../../operator/reconcile/copies.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const cluster = aCluster({ binding: { namespaces: ['mattermost', 'one', 'two'] } });
const credentials = {
  adminKey: 'admin',
  clients: { mattermost: { clientID: 'id', authKey: 'key' } },
  problems: [],
};
const served: Readonly<Record<string, Reach>> = { one: 'Served', two: 'Served' };
const children = (reach: Readonly<Record<string, Reach>>): ReturnType<typeof desiredChildren> =>
  desiredChildren(cluster, { credentials, clusterDomain: 'cluster.local', canIssue: false, reach });
const { copies, kept } = children(served);
const binding = kept.find(({ kind }) => kind === 'Secret')!;

describe('the binding in other namespaces', () => {
  test('is the same Secret, labelled with whose it is, and without an owner that is not there', () => {
    const [first] = copies.wanted;
    expect(first).toEqual({
      ...binding,
      metadata: {
        name: 'calls-mattermost-env',
        namespace: 'one',
        labels: {
          'rtc.progressnet.gr/binding-namespace': 'mattermost',
          'rtc.progressnet.gr/binding-cluster': 'calls',
          'app.kubernetes.io/managed-by': 'rtc-operator',
        },
        ownerReferences: [],
      },
    });
  });

  test('is not copied to the namespace that has the original', () => {
    expect(copies.wanted.map(({ metadata }) => metadata.namespace)).toEqual(['one', 'two']);
  });

  test('is not told to be out of reach before that is known', () => {
    expect(bindingCopies(cluster, binding, { one: 'Unknown', two: 'Served' })).toMatchObject({
      wanted: [{ metadata: { namespace: 'two' } }],
      problems: [],
    });
  });

  test.each<[Reach, RegExp]>([
    ['NotAllowed', /add it to bindingNamespaces of its chart$/],
    ['Forbidden', /no rights on Secrets in one: upgrade its chart/],
  ])('names the fix when a namespace is %s', (reach, message) => {
    const { problems } = bindingCopies(cluster, binding, { one: reach, two: 'Served' });
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
  });
});

describe('copies that are there', () => {
  const namespaces = ['one', 'two'];
  const text = (input: Omit<Parameters<typeof copyActions>[0], 'reach'>): string[] =>
    copyActions({ ...input, reach: served }).map(
      ({ type, object }) => `${type} ${object.metadata.namespace ?? ''}`,
    );

  test.each([
    { what: 'are left alone when they are true', found: copies.wanted, named: namespaces, actions: [] },
    {
      what: 'are made when they are missing',
      ...{ found: copies.wanted.slice(1), named: namespaces, actions: ['apply one'] },
    },
    {
      what: 'are taken back where nobody names them',
      ...{ found: copies.wanted, named: ['one'], actions: ['delete two'] },
    },
  ])('$what', ({ found, named, actions }) => {
    const wanted = copies.wanted.filter(({ metadata }) => named.includes(metadata.namespace));
    expect(text({ wanted, namespaces: named, found })).toEqual(actions);
  });

  test('are put right when somebody changed them', () => {
    const found = copies.wanted.map((copy) => ({ ...copy, data: {} }));
    expect(text({ ...copies, namespaces, found })).toEqual(['apply one', 'apply two']);
  });

  test('stay while there is no binding to copy', () => {
    expect(text({ wanted: [], namespaces, found: copies.wanted })).toEqual([]);
  });
});

describe('events about conditions', () => {
  const condition = (status: 'True' | 'False', reason: string, type = 'CredentialsSynced') => {
    return { type, status, reason, message: `because ${reason}`, lastTransitionTime: 'then' };
  };

  test.each([
    { what: 'becomes False', before: [], after: condition('False', 'A'), told: ['A'] },
    {
      what: 'is False for another reason',
      ...{ before: [condition('False', 'A')], after: condition('False', 'B'), told: ['B'] },
    },
    {
      what: 'stays False',
      ...{ before: [condition('False', 'A')], after: condition('False', 'A'), told: [] },
    },
    { what: 'is True', before: [condition('False', 'A')], after: condition('True', 'B'), told: [] },
    { what: 'is about pods', before: [], after: condition('False', 'A', 'Available'), told: [] },
  ])('one that $what', ({ before, after, told }) => {
    expect(conditionEvents(before, [after]).map(({ reason }) => reason)).toEqual(told);
  });

  test('a refusal is told until Ready repeats it', () => {
    const refusal = { reason: 'NameTaken', message: 'because NameTaken' };
    expect(refusalEvents([], refusal)).toEqual([{ type: 'Warning', ...refusal }]);
    expect(refusalEvents([condition('False', 'NameTaken', 'Ready')], refusal)).toEqual([]);
    expect(refusalEvents([], undefined)).toEqual([]);
  });
});
