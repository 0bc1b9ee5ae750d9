/** `spec.network`: ports and addresses. */
import type { Section, SpecPart } from '../entry.ts';
import { labels } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import type { ProbeResult } from '../../../../operator/fleet/probeFacts.ts';
import { facts, nowMs } from '../../../support/pods.ts';
import { nodeOf, running, type Situation } from '../situation.ts';

/** Pods that are about to be published. */
const starting: Situation = running({ isPublished: false }, { isPublished: false });
/** The same on nodes that the Internet does not reach. */
const internal: Situation = {
  ...starting,
  nodes: [0, 1].map((index) =>
    nodeOf(index, { status: { addresses: [{ type: 'InternalIP', address: `10.99.0.${index + 11}` }] } }),
  ),
};
const addressMap = (name: string, address: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'mattermost', labels: { [labels.cluster]: 'calls' } },
  data: { n1: address, n2: address },
});
/** Nodes and ConfigMaps name addresses under two names each. */
const named: Situation = {
  ...starting,
  nodes: [0, 1].map((index) =>
    nodeOf(index, {
      metadata: { annotations: { 'a/address': '198.51.100.1', 'b/address': '198.51.100.2' } },
    }),
  ),
  others: () => [addressMap('map-a', '198.51.100.3'), addressMap('map-b', '198.51.100.4')],
};
/** The addresses that clients are told lead nowhere. */
const failed: ProbeResult = {
  ...{ outcome: 'Failed', message: 'no connection within 5 s', failures: 2, atMs: nowMs },
  addresses: '203.0.113.11,10.99.0.11',
};
const passed: ProbeResult = { ...failed, outcome: 'Passed', failures: 0, message: '2 paths work' };
const unreachedPod = { isPublished: false, facts: facts({ probe: { media: passed, reach: failed } }) };
const unreached: Situation = running(unreachedPod, unreachedPod);
const from = (source: SpecPart): SpecPart => ({ network: { address: { sources: [source] } } });

/** See the file comment. */
export const network: Section = {
  'network.apiPort': { set: { network: { apiPort: 9443 } } },
  'network.apiBind': { set: { network: { apiBind: 'All' } } },
  'network.media.udpPort': { set: { network: { media: { udpPort: 9045 } } } },
  'network.media.tcpPort': { set: { network: { media: { tcpPort: 9045 } } } },
  'network.address.sources[].type': {
    from: from({ type: 'NodeExternalIP' }),
    set: from({ type: 'NodeInternalIP' }),
    in: starting,
  },
  'network.address.sources[].name': {
    from: from({ type: 'ConfigMap', name: 'map-a' }),
    set: from({ type: 'ConfigMap', name: 'map-b' }),
    in: named,
  },
  'network.address.sources[].key': {
    from: from({ type: 'NodeAnnotation', key: 'a/address' }),
    set: from({ type: 'NodeAnnotation', key: 'b/address' }),
    in: named,
  },
  'network.address.sources[].urls[]': {
    from: from({ type: 'STUN', urls: ['stun:a.example.com'] }),
    set: from({ type: 'STUN', urls: ['stun:b.example.com'] }),
  },
  'network.address.advertise': {
    set: { network: { address: { advertise: 'External' } } },
    in: starting,
  },
  'network.address.verify': { set: { network: { address: { verify: 'Gate' } } }, in: unreached },
  'network.address.require': { set: { network: { address: { require: 'Public' } } }, in: internal },
};
