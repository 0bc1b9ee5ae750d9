/** PURE: (one moment of a TurnServer) → what should become of its pods, its secrets and its peers. */
import { createHash } from 'node:crypto';
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { TurnServer } from '../../api/turnserver.ts';
import { annotations } from '../../desired/names.ts';
import { turnNames, turnPaths } from '../../desired/turn/names.ts';
import { clientPorts } from '../../desired/turn/ports.ts';
import { turnRevision } from '../../desired/turn/revision.ts';
import { publicEntry } from '../../fleet/address.ts';
import { decideFleet, type FleetDecision } from '../../fleet/decide.ts';
import { eligibleNodes, type NodeSupply } from '../../fleet/nodes/eligible.ts';
import type { PodView } from '../../fleet/pod.ts';
import type { ScaleHistory } from '../../fleet/scale/history.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Consumers } from '../../facts/turn/consumers.ts';
import { asFleet } from '../../turn/asFleet.ts';
import type { TurnFacts } from '../../turn/facts.ts';
import { turnGate } from '../../turn/gate.ts';
import { turnUris } from '../../turn/iceServers.ts';
import { peersDigest, peersOf, type Peers } from '../../turn/peers.ts';
import { decideRotation } from '../../turn/rotation/decide.ts';
import type { Rotation, RotationPod, SecretContents } from '../../turn/rotation/state.ts';
import { secretHash } from '../../turn/secretHash.ts';
import { wantedPods } from '../../turn/wantedPods.ts';
import { nodeNameOf, portsTaken } from '../nodeView.ts';
import { contentsOf } from './authSecret.ts';
import type { TurnObserved } from './observe.ts';

/** What is not in the moment. */
export interface TurnDecideContext {
  readonly history: ScaleHistory | undefined;
  readonly consumers: Consumers;
  /** A random secret, in case one is needed. */
  readonly fresh: string;
}

/** See the file comment. */
export interface TurnDecision {
  readonly fleet: RtcCluster;
  readonly revision: string;
  readonly pods: FleetDecision;
  readonly nodes?: NodeSupply;
  readonly auth: KubeObject | undefined;
  readonly rotation: Rotation;
  readonly peers: Peers;
  /** What a pod has read of them is compared with it. */
  readonly peersDigest: string;
  /** Of what lies in the objects that pods mount, so that they are told of it when it is there; absent: no secret does. */
  readonly dataDigest?: string;
  readonly uris: readonly string[];
  /** Addresses of the published pods, or of the load balancer. */
  readonly hosts: readonly string[];
}

/** See the file comment. */
export function decideTurn(
  observed: TurnObserved,
  server: TurnServer,
  context: TurnDecideContext,
): TurnDecision {
  const { nowMs, views, configMaps } = observed;
  const nodes = supplyOf(observed, server);
  const auth = observed.found.find(
    ({ kind, metadata }) => kind === 'Secret' && metadata.name === turnNames.authSecret(server),
  );
  const contents = contentsOf(auth);
  const fleet = asFleet(server, wantedPods(server, { nodes, pods: views }));
  const revision = turnRevision(server);
  const rules = gateRules(fleet, contents);
  const pods = decideFleet({
    ...{ cluster: fleet, pods: views, addressMaps: configMaps, revision, nowMs },
    ...(nodes && { nodes }),
    ...(context.history && { history: context.history }),
    gateOf: (pod) => turnGate(pod, rules),
  });
  const rotation = decideRotation(rotationInput(observed, server, { ...context, contents }));
  const peers = peersOf(server.spec.peers.allow, observed.clusters);
  const hosts = hostsOf(observed, server, pods);
  const mounted = configMaps[turnNames.peers(server)]?.[turnPaths.peersFile] ?? '';
  return {
    ...{ fleet, revision, pods, auth, rotation, peers, peersDigest: peersDigest(peers.lines) },
    ...(nodes && { nodes }),
    ...(contents && { dataDigest: dataDigestOf(contents, mounted) }),
    ...{ hosts, uris: turnUris(server.spec, hosts) },
  };
}

function gateRules(
  { spec }: RtcCluster,
  contents: SecretContents | undefined,
): Parameters<typeof turnGate>[1] {
  const { secret = '', previous } = contents ?? {};
  return {
    requirePublic: spec.network.address.require === 'Public',
    activeHash: secret === '' ? undefined : secretHash(secret),
    previousHash: previous === undefined ? undefined : secretHash(previous),
  };
}

function supplyOf({ nodes, pods, others }: TurnObserved, server: TurnServer): NodeSupply | undefined {
  if (nodes === undefined) return undefined;
  const isOnNode = server.spec.network.mode === 'HostNetwork';
  return eligibleNodes({
    ...{ nodes, placement: server.spec.placement },
    ports: isOnNode ? clientPorts(server) : [],
    occupied: new Set(pods.map(nodeNameOf).filter((name) => name !== undefined)),
    taken: portsTaken(others),
  });
}

function rotationInput(
  { object, views, issuers, secrets, nowMs }: TurnObserved,
  server: TurnServer,
  { contents, consumers, fresh }: TurnDecideContext & { readonly contents: SecretContents | undefined },
): Parameters<typeof decideRotation>[0] {
  const { credentialTTLSeconds: ttlSeconds, rotation } = server.spec.auth;
  const found = object.metadata.annotations ?? {};
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  const requested = isDeleted ? undefined : found[annotations.turnRotate];
  const acknowledged = found[annotations.turnAck];
  const issued = secrets[turnNames.iceServersSecret(server)]?.['MM_CALLS_TURN_STATIC_AUTH_SECRET'];
  return {
    ...{ nowMs, ttlSeconds, contents, overlap: rotation.overlap, fresh },
    // What ends begins no rotation, but ends one that has begun.
    intervalSeconds: isDeleted ? 0 : rotation.intervalSeconds,
    ...(issued !== undefined && { issued: Buffer.from(issued, 'base64').toString() }),
    ...(requested !== undefined && { requested }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...{ pods: views.map(rotationPod), issuers, ...consumers },
  };
}

function rotationPod(pod: PodView): RotationPod {
  const { name, facts, marks, isDead, isTerminating } = pod;
  const mayServe = !isDead && !isTerminating && marks.drain === undefined;
  if (facts?.answered !== true) {
    const problem = facts === undefined ? {} : { problem: `its agent does not answer: ${facts.message}` };
    return { name, mayServe, verified: [], ...problem };
  }
  return { name, mayServe: mayServe && !facts.isDraining, ...takenBy(facts.turn) };
}

function takenBy(turn: TurnFacts | undefined): Pick<RotationPod, 'accepts' | 'verified' | 'problem'> {
  const { secrets = [], trials = {}, problem } = turn ?? {};
  const failures = Object.values(trials).flatMap((trial) =>
    trial.ok ? [] : [`a trial allocation failed: ${trial.reason}`],
  );
  const why = problem ?? failures[0];
  return {
    accepts: secrets,
    verified: Object.entries(trials).flatMap(([hash, { ok }]) => (ok ? [hash] : [])),
    ...(why !== undefined && { problem: why }),
  };
}

/** First 12 hex digits of SHA-256 over the hashes of the secrets and the text of the peers. */
function dataDigestOf({ secret, previous = '', next = '' }: SecretContents, peers: string): string {
  const hashes = [secret, previous, next].map((one) => (one === '' ? '' : secretHash(one)));
  return createHash('sha256')
    .update([...hashes, peers].join(' '))
    .digest('hex')
    .slice(0, 12);
}

/** What stands for a missing name: the addresses of the published pods, or of the load balancer. */
function hostsOf({ found }: TurnObserved, server: TurnServer, { members }: FleetDecision): string[] {
  if (server.spec.network.mode === 'LoadBalancer') return balancersOf(found, turnNames.service(server));
  const published = members.filter(({ isPublished }) => isPublished);
  return [...new Set(published.map(({ address }) => publicEntry(address)))].filter((host) => host !== '');
}

interface ServiceStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

function balancersOf(found: readonly KubeObject[], name: string): string[] {
  const service = found.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name);
  const { loadBalancer } = (service?.['status'] ?? {}) as ServiceStatus;
  return (loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname ?? ip ?? []);
}
