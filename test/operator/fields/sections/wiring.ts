/** `spec.discovery`, `spec.auth`, `spec.binding`, `spec.tls`: how Mattermost comes to the pods. */
import type { RtcCluster } from '../../../../operator/api/rtccluster.ts';
import { labels } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { facts } from '../../../support/pods.ts';
import { aTurnServer } from '../../../support/turnservers.ts';
import type { Section } from '../entry.ts';
import { running } from '../situation.ts';

const issuer = { name: 'internal' };
const outside = { discovery: { external: { hostname: 'rtc.example.com' } } };
const managed = { tls: { api: { mode: 'CertManager', issuerRef: issuer } } };
const stays = 'a Secret with credentials is never deleted: somebody may use it';
const client = { name: 'mattermost' };

/** A TurnServer and its Secret for Mattermost. */
function turnServerFor({ metadata: { namespace } }: RtcCluster): KubeObject[] {
  const { spec } = aTurnServer();
  const apiVersion = 'rtc.progressnet.gr/v1alpha1';
  const data = { MM_CALLS_TURN_STATIC_AUTH_SECRET: 'c2hhcmVk' };
  return [
    { apiVersion, kind: 'TurnServer', metadata: { namespace, name: 'edge', uid: 'turn-uid' }, spec },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name: 'edge-ice-servers', labels: { [labels.turnServer]: 'edge' } },
      data,
    },
  ];
}

/** See the file comment. */
export const wiring: Section = {
  'discovery.external.hostname': { set: { discovery: { external: { hostname: 'rtc.example.com' } } } },
  'discovery.external.publisher': {
    from: outside,
    set: { discovery: { external: { publisher: 'Manual' } } },
  },
  'discovery.external.ttlSeconds': { from: outside, set: { discovery: { external: { ttlSeconds: 60 } } } },
  'discovery.external.addresses': {
    from: outside,
    set: { discovery: { external: { addresses: 'NodeInternalIP' } } },
  },
  'discovery.serviceName': {
    set: { discovery: { serviceName: 'rtcd' } },
    oneWay: 'the API refuses to change it',
  },
  'discovery.minPublished': {
    from: { replicas: 1 },
    set: { discovery: { minPublished: 2 } },
    in: running({ facts: facts({ version: '0.1.0' }) }, { facts: facts({ version: '0.1.0' }) }),
  },
  'auth.clients[].name': {
    from: { auth: { clients: [client] } },
    set: { auth: { clients: [{ name: 'second' }] } },
    oneWay: stays,
  },
  'auth.clients[].secretName': {
    from: { auth: { clients: [client] } },
    set: { auth: { clients: [{ ...client, secretName: 'calls-key' }] } },
    oneWay: stays,
  },
  'auth.clients[].create': {
    from: { auth: { clients: [client] } },
    set: { auth: { clients: [{ ...client, create: false }] } },
  },
  'binding.secretName': { set: { binding: { secretName: 'calls-env' } }, oneWay: stays },
  'binding.namespaces[]': { set: { binding: { namespaces: ['elsewhere'] } } },
  'turn.turnServerName': {
    set: { turn: { turnServerName: 'edge' } },
    in: { others: (cluster) => turnServerFor(cluster) },
  },
  'tls.api.mode': {
    from: { tls: { api: { mode: 'Secret', secretName: 'calls-tls', issuerRef: issuer } } },
    set: { tls: { api: { mode: 'CertManager' } } },
  },
  'tls.api.secretName': { from: managed, set: { tls: { api: { secretName: 'calls-tls' } } } },
  'tls.api.issuerRef.name': { from: managed, set: { tls: { api: { issuerRef: { name: 'public' } } } } },
  'tls.api.issuerRef.kind': {
    from: managed,
    set: { tls: { api: { issuerRef: { kind: 'ClusterIssuer' } } } },
  },
  'tls.api.issuerRef.group': {
    from: managed,
    set: { tls: { api: { issuerRef: { group: 'awspca.cert-manager.io' } } } },
  },
};
