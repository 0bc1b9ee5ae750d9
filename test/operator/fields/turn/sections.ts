/** Every leaf of `TurnServer.spec`: how to see what it does. */
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { annotations, labels } from '../../../../operator/desired/names.ts';
import type { SpecPart } from '../entry.ts';
import { authSecret, running, type TurnSituation } from './situation.ts';

/** As `Effect` of an RTCCluster's leaf; `from` is laid over nothing. */
export interface TurnEffect {
  readonly from?: SpecPart;
  readonly set: SpecPart;
  readonly in?: TurnSituation;
  readonly oneWay?: string;
}

const stays = 'a Secret with credentials is never deleted: somebody may use it';
const goes = 'a drain that has begun goes on, since coturn cannot take it back';
const issuer = { name: 'internal' };
const serverName = 'turn.example.com';
const managed = { network: { serverName }, tls: { mode: 'CertManager', issuerRef: issuer } };
const own = { network: { serverName }, tls: { mode: 'Secret', secretName: 'own', issuerRef: issuer } };

const toleration = { key: 'dedicated', operator: 'Equal', value: 'media', effect: 'NoSchedule' };
const borne = (change: SpecPart = {}): SpecPart => ({
  placement: { tolerations: [{ ...toleration, ...change }] },
});
const toleratesOnly = (change: SpecPart): TurnEffect => ({ from: borne(), set: borne(change) });
const from = (...sources: readonly SpecPart[]): SpecPart => ({ network: { address: { sources } } });

/** An RTCCluster with one SFU pod. */
function clusterNamed(name: string, address: string): KubeObject[] {
  const apiVersion = 'rtc.progressnet.gr/v1alpha1';
  const metadata = { namespace: 'mattermost', name };
  return [
    { apiVersion, kind: 'RTCCluster', metadata: { ...metadata, uid: name }, spec: {} },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        labels: { [labels.cluster]: name, [labels.role]: 'sfu' },
        annotations: { [annotations.address]: address },
      },
      status: { phase: 'Running', podIP: address },
    },
  ];
}

const twoClusters: TurnSituation = {
  others: () => [...clusterNamed('calls', '192.0.2.7'), ...clusterNamed('other', '192.0.2.8')],
};
const outdated = running({ revision: 'old' }, { revision: 'old' });
const inside = running({ isInside: true }, { isInside: true });
const busy = running({ allocations: 2, drain: { reason: 'Rollout', agoMs: 100_000 } }, {});

const switchedAt = new Date(Date.parse('2026-11-23T11:00:00Z')).toISOString();
const overlapping: TurnSituation = {
  ...running({}, {}),
  others: () => [
    authSecret({
      keys: { previous: 'the-one-before-of-thirty-two-chars' },
      notes: { 'rtc.progressnet.gr/turn-switched': switchedAt },
    }),
  ],
};

const pods: Readonly<Record<string, TurnEffect>> = {
  image: { set: { image: 'coturn/coturn:4.17.2' } },
  imagePullPolicy: { set: { imagePullPolicy: 'Always' } },
  'imagePullSecrets[].name': {
    from: { imagePullSecrets: [{ name: 'one' }] },
    set: { imagePullSecrets: [{ name: 'two' }] },
  },
  'placement.mode': { set: { placement: { mode: 'EveryNode' } } },
  'placement.replicas': { set: { placement: { replicas: 3 } } },
  'placement.nodeSelector': { set: { placement: { nodeSelector: { pool: 'edge' } } } },
  'placement.tolerations[].key': toleratesOnly({ key: 'pool' }),
  'placement.tolerations[].operator': {
    from: { placement: { tolerations: [{ key: 'dedicated' }] } },
    set: { placement: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } },
  },
  'placement.tolerations[].value': toleratesOnly({ value: 'voice' }),
  'placement.tolerations[].effect': toleratesOnly({ effect: 'NoExecute' }),
  'placement.tolerations[].tolerationSeconds': {
    from: borne({ effect: 'NoExecute' }),
    set: borne({ effect: 'NoExecute', tolerationSeconds: 60 }),
  },
  'placement.zoneSpread': { set: { placement: { zoneSpread: 'Required' } } },
  'placement.priorityClassName': { set: { placement: { priorityClassName: 'voice' } } },
  'resources.requests': { set: { resources: { requests: { cpu: '1' } } } },
  'resources.limits': { set: { resources: { limits: { memory: '1Gi' } } } },
  'drain.policy': {
    set: { drain: { policy: 'Wait' } },
    in: busy,
    oneWay: 'a drain that has begun keeps its deadline, or none',
  },
  'drain.timeoutSeconds': {
    set: { drain: { timeoutSeconds: 60 } },
    oneWay: 'a pod keeps the time it was made with: editing it moves no allocation',
  },
  'drain.minAllocations': { set: { drain: { minAllocations: 1 } } },
  'update.strategy': {
    from: { update: { strategy: 'OnDelete' } },
    set: { update: { strategy: 'InPlaceDrain' } },
    in: outdated,
    oneWay: goes,
  },
  'update.maxUnavailable': {
    from: { placement: { replicas: 3 } },
    set: { update: { maxUnavailable: 2 } },
    in: running({ revision: 'old' }, { revision: 'old' }, { revision: 'old' }),
    oneWay: goes,
  },
  'disruption.budget': { set: { disruption: { budget: 'All' } } },
  deletionPolicy: { set: { deletionPolicy: 'Immediate' } },
};

const network: Readonly<Record<string, TurnEffect>> = {
  'network.mode': { set: { network: { mode: 'LoadBalancer' } } },
  'network.ports.udp': { set: { network: { ports: { udp: 0 } } } },
  'network.ports.tcp': { set: { network: { ports: { tcp: 0 } } } },
  'network.ports.tls': { from: own, set: { network: { ports: { tls: 0 } } } },
  'network.ports.dtls': { from: own, set: { network: { ports: { dtls: 0 } } } },
  'network.relayPorts.min': { set: { network: { relayPorts: { min: 50_000 } } } },
  'network.relayPorts.max': { set: { network: { relayPorts: { max: 57_000 } } } },
  'network.address.sources[].type': {
    from: from({ type: 'NodeInternalIP' }),
    set: from({ type: 'NodeExternalIP' }),
    in: inside,
    oneWay: goes,
  },
  'network.address.sources[].name': {
    from: from({ type: 'ConfigMap', name: 'one' }),
    set: from({ type: 'ConfigMap', name: 'two' }),
    in: running({}, {}),
  },
  'network.address.sources[].key': {
    from: from({ type: 'NodeAnnotation', key: 'one' }),
    set: from({ type: 'NodeAnnotation', key: 'two' }),
    in: running({}, {}),
  },
  'network.address.require': {
    from: from({ type: 'NodeInternalIP' }),
    set: { network: { address: { require: 'Public' } } },
    in: inside,
    oneWay: 'a pod that was not published is so only since then',
  },
  'network.serverName': { set: { network: { serverName } } },
  realm: { set: { realm: 'example.com' } },
};

const wiring: Readonly<Record<string, TurnEffect>> = {
  'auth.secretName': { set: { auth: { secretName: 'own' } }, oneWay: stays },
  'auth.credentialTTLSeconds': {
    set: { auth: { credentialTTLSeconds: 28_800 } },
    oneWay: 'credentials of the longer life may be in use',
  },
  'auth.rotation.intervalSeconds': {
    set: { auth: { rotation: { intervalSeconds: 86_400 } } },
    in: running({}, {}),
    oneWay: 'a rotation that has begun goes on',
  },
  'auth.rotation.overlap': { set: { auth: { rotation: { overlap: 'Acknowledged' } } }, in: overlapping },
  'tls.mode': { from: own, set: { tls: { mode: 'CertManager' } } },
  'tls.secretName': { from: own, set: { tls: { secretName: 'other' } } },
  'tls.issuerRef.name': { from: managed, set: { tls: { issuerRef: { name: 'public' } } } },
  'tls.issuerRef.kind': { from: managed, set: { tls: { issuerRef: { kind: 'ClusterIssuer' } } } },
  'tls.issuerRef.group': { from: managed, set: { tls: { issuerRef: { group: 'awspca.cert-manager.io' } } } },
  'peers.default': { set: { peers: { default: 'DenyPrivate' } } },
  'peers.allow[].rtcClusters.matchNames[]': {
    from: { peers: { allow: [{ rtcClusters: { matchNames: ['calls'] } }] } },
    set: { peers: { allow: [{ rtcClusters: { matchNames: ['other'] } }] } },
    in: twoClusters,
  },
  'peers.allow[].cidr': {
    from: { peers: { allow: [{ cidr: '10.0.0.0/8' }] } },
    set: { peers: { allow: [{ cidr: '10.1.0.0/16' }] } },
  },
  'limits.allocationsPerUser': { set: { limits: { allocationsPerUser: 4 } } },
  'limits.allocationsTotal': { set: { limits: { allocationsTotal: 100 } } },
  'limits.mbitPerSession': { set: { limits: { mbitPerSession: 2 } } },
  'limits.unauthenticatedRatePerSecond': { set: { limits: { unauthenticatedRatePerSecond: 10 } } },
  'publish.iceServersSecret': { set: { publish: { iceServersSecret: 'own-ice' } }, oneWay: stays },
  'publish.service': {
    set: { publish: { service: 'turn' } },
    oneWay: 'the API refuses to change it',
  },
};

/** By path. */
export const turnFields: Readonly<Record<string, TurnEffect>> = { ...pods, ...network, ...wiring };
