import { describe, expect, test } from '@jest/globals';
import { addressOn, isPublic, publicEntry } from '../../../operator/fleet/address.ts';
import { aNode } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const spec = (address: Readonly<Record<string, unknown>> = {}): Parameters<typeof addressOn>[1] =>
  aCluster({ network: { address } }).spec.network.address;
const internal = { type: 'InternalIP', address: '10.0.0.5' };
const external = { type: 'ExternalIP', address: '203.0.113.7' };
const cloud = aNode({ addresses: [internal, external] });
const inside = { sources: [{ type: 'NodeInternalIP' }] };
const dual = aNode({ addresses: [{ type: 'InternalIP', address: 'fd00::5' }, internal] });
const kind = aNode({ addresses: [internal] });

describe('the addresses on a node', () => {
  test.each([
    { are: 'external first, internal too', node: cloud, address: {}, annotation: '203.0.113.7,10.0.0.5' },
    { are: 'internal where there is no external', node: kind, address: {}, annotation: '10.0.0.5' },
    { are: 'external alone', node: cloud, address: { advertise: 'External' }, annotation: '203.0.113.7' },
    { are: 'internal alone', node: cloud, address: { advertise: 'Internal' }, annotation: '10.0.0.5' },
    { are: 'in the order of the sources', node: cloud, address: inside, annotation: '10.0.0.5' },
    { are: 'IPv4 among both families', node: dual, address: {}, annotation: '10.0.0.5' },
  ])('are $are', ({ node, address, annotation }) => {
    expect(addressOn(node, spec(address))).toEqual({ ok: true, annotation });
  });

  test('are missing with the remedy', () => {
    expect(addressOn(kind, spec({ sources: [{ type: 'NodeExternalIP' }], advertise: 'External' }))).toEqual({
      ok: false,
      reason: 'NoNodeAddress',
      message:
        'Node n1 has no IPv4 address of NodeExternalIP: give it one, or change network.address.sources',
    });
  });
});

test.each([
  ['203.0.113.7', true],
  ['172.32.0.1', true],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.1.1', false],
  ['127.0.0.1', false],
  ['', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

test.each([
  ['203.0.113.7:8045,10.0.0.5', '203.0.113.7'],
  ['', ''],
])('the first entry of "%s" is "%s"', (annotation, entry) => {
  expect(publicEntry(annotation)).toBe(entry);
});
