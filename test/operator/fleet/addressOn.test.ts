import { describe, expect, test } from '@jest/globals';
import { addressOn, type AddressMaps } from '../../../operator/fleet/addressOn.ts';
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
const key = 'rtc.progressnet.gr/public-address';
const annotated = aNode({ addresses: [internal], annotations: { [key]: ' 198.51.100.9:30045 ' } });
const annotation = { type: 'NodeAnnotation', key };
const map = { type: 'ConfigMap', name: 'node-addresses' };
const maps: AddressMaps = { 'node-addresses': { n1: '192.0.2.3', n2: 'sfu.example.com' } };

describe('the addresses on a node', () => {
  test.each([
    { are: 'external first, internal too', node: cloud, address: {}, found: '203.0.113.7,10.0.0.5' },
    { are: 'internal where there is no external', node: kind, address: {}, found: '10.0.0.5' },
    { are: 'external alone', node: cloud, address: { advertise: 'External' }, found: '203.0.113.7' },
    { are: 'internal alone', node: cloud, address: { advertise: 'Internal' }, found: '10.0.0.5' },
    { are: 'in the order of the sources', node: cloud, address: inside, found: '10.0.0.5' },
    { are: 'IPv4 among both families', node: dual, address: {}, found: '10.0.0.5' },
    {
      are: 'with the port that a person wrote on the node',
      node: annotated,
      address: { sources: [annotation, ...inside.sources] },
      found: '198.51.100.9:30045,10.0.0.5',
    },
    {
      are: 'those of the ConfigMap',
      node: annotated,
      address: { sources: [map, annotation], advertise: 'External' },
      found: '192.0.2.3',
    },
    {
      are: 'those of the next source for a node that the ConfigMap has not',
      node: aNode({ name: 'n3', addresses: [internal, external] }),
      address: { sources: [map, { type: 'NodeExternalIP' }], advertise: 'External' },
      found: '203.0.113.7',
    },
  ])('are $are', ({ node, address, found }) => {
    expect(addressOn(node, spec(address), { maps })).toEqual({ ok: true, annotation: found });
  });

  const stun = { sources: [{ type: 'STUN', urls: ['stun:s.example.com'] }, { type: 'NodeInternalIP' }] };

  test('are what a STUN server sees, with the internal one', () => {
    const decision = addressOn(kind, spec(stun), { stunAddress: '198.51.100.4' });
    expect(decision).toEqual({ ok: true, annotation: '198.51.100.4,10.0.0.5' });
  });

  test('are those of the next source when no STUN server answers, but not before that is known', () => {
    expect(addressOn(kind, spec(stun), { stunAddress: '' })).toEqual({ ok: true, annotation: '10.0.0.5' });
    expect(addressOn(kind, spec(stun))).toEqual({
      ok: false,
      reason: 'AwaitingSTUN',
      message: 'The SFU on node n1 has not heard from the STUN servers of network.address.sources yet',
    });
  });

  test.each([
    {
      why: 'nothing is found',
      node: kind,
      address: { sources: [annotation, { type: 'NodeExternalIP' }], advertise: 'External' },
      says: `NoNodeAddress: Node n1 has no IPv4 address of NodeAnnotation ${key}, NodeExternalIP: give it one, or change network.address.sources`,
    },
    {
      why: 'somebody wrote no address',
      node: aNode({ name: 'n2' }),
      address: { sources: [map] },
      says: 'InvalidNodeAddress: ConfigMap node-addresses says "sfu.example.com" for node n2: write an IPv4 address, or address:port',
    },
    {
      why: 'the ConfigMap is not there, even if another source could do',
      node: cloud,
      address: { sources: [{ ...map, name: 'other' }, { type: 'NodeExternalIP' }] },
      says: 'AddressMapMissing: ConfigMap other of network.address.sources is not there, or has not the label rtc.progressnet.gr/cluster with the name of the cluster: create it, or label it',
    },
    {
      why: 'Mattermost could not find its API',
      node: aNode({ addresses: [{ type: 'InternalIP', address: 'fd00::5' }, external] }),
      address: {},
      says: 'IPv6Only: Node n1 has only IPv6 addresses (fd00::5), and Mattermost looks for hosts by A records alone: give the node an IPv4 InternalIP (dual stack), or keep pods off it by placement.nodeSelector',
    },
  ])('are refused with the remedy when $why', ({ node, address, says }) => {
    const decision = addressOn(node, spec(address), { maps });
    expect(decision.ok ? decision : `${decision.reason}: ${decision.message}`).toBe(says);
  });
});
