import { describe, expect, test } from '@jest/globals';
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import { bindingCopies } from '../../../operator/desired/bindingCopies.ts';
import { leftCopies, type Reach } from '../../../operator/desired/copyRecord.ts';
import { recordChange } from '../../../operator/reconcile/copies.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const annotation = 'rtc.progressnet.gr/binding-copies';
const recorded = (
  text: string,
  spec: Readonly<Record<string, unknown>> = { binding: { namespaces: ['one'] } },
): RtcCluster => aCluster(spec, { annotations: { [annotation]: text } });
const copy = (
  namespace: string,
): { apiVersion: string; kind: string; metadata: { namespace: string; name: string } } => ({
  ...{ apiVersion: 'v1', kind: 'Secret' },
  metadata: { namespace, name: 'calls-mattermost-env' },
});
const own = 'calls-mattermost-env';

describe('where the binding is, on the RTCCluster', () => {
  test.each<[string, string, { wanted: string[]; found: string[]; reach: Reach }, string | null | undefined]>(
    [
      ['is written before a copy is made', '', { wanted: ['one'], found: [], reach: 'Served' }, `one/${own}`],
      ['is not written again', `one/${own}`, { wanted: ['one'], found: ['one'], reach: 'Served' }, undefined],
      ['stays while nobody can look', `one/${own}`, { wanted: [], found: [], reach: 'Forbidden' }, undefined],
      [
        'stays until somebody has looked',
        `one/${own}`,
        { wanted: [], found: [], reach: 'Unknown' },
        undefined,
      ],
      ['goes with the copy', `one/${own}`, { wanted: [], found: [], reach: 'Served' }, null],
      ['goes with the namespace', `one/${own}`, { wanted: [], found: [], reach: 'Missing' }, null],
      [
        'is nothing that is not the name of a Secret',
        'one',
        { wanted: [], found: [], reach: 'Forbidden' },
        null,
      ],
    ],
  )('%s', (...[, before, { wanted, found, reach }, expected]) => {
    const copies = {
      wanted: wanted.map(copy) as never[],
      found: found.map(copy),
      namespaces: ['one'],
      reach: { one: reach },
    };
    expect(recordChange(recorded(before), copies)).toBe(expected);
  });
});

describe('a copy that may not be removed', () => {
  const message = (cluster: RtcCluster, reach: Reach = 'Forbidden'): string | undefined =>
    leftCopies(cluster, { one: reach })[0]?.message;
  const commands = `kubectl delete secret -n one ${own} && kubectl annotate -n mattermost rtccluster calls ${annotation}-`;

  test('is told of with the commands when its namespace is not named any more', () => {
    expect(message(recorded(`one/${own}`, {}))).toContain(commands);
    expect(bindingCopies(recorded(`one/${own}`, {}), undefined, { one: 'Forbidden' }).problems).toMatchObject(
      [{ reason: 'BindingLeft' }],
    );
  });

  test('is told of when it has another name than is wanted', () => {
    expect(message(recorded('one/old'))).toContain('Secret old in namespace one');
  });

  test('is not told of while it is wanted, or can be taken back, or nobody has looked', () => {
    expect(message(recorded(`one/${own}`))).toBeUndefined();
    for (const reach of ['Served', 'Unknown', 'Missing'] as const)
      expect(message(recorded(`one/${own}`, {}), reach)).toBeUndefined();
  });

  test.each([
    [{}, '; the RTCCluster goes without that at 2026-11-23T14:00:00.000Z'],
    [{ drain: { overrides: [{ reason: 'Deletion', policy: 'Wait' }] } }, '; the RTCCluster waits for that'],
  ])('is told of with the end of the wait when its cluster is deleted: %j', (spec, end) => {
    const cluster = recorded(`one/${own}`, { binding: { namespaces: ['one'] }, ...spec });
    const metadata = { ...cluster.metadata, deletionTimestamp: '2026-11-23T12:00:00Z' };
    expect(message({ ...cluster, metadata })).toContain(commands + end);
  });
});
