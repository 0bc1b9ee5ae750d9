import { describe, expect, test } from '@jest/globals';
import { turnVerdicts } from '../../../../operator/desired/turn/conditions/all.ts';
import { isLoaded } from '../../../../operator/desired/turn/conditions/certificate.ts';
import type { TurnConditionInput } from '../../../../operator/desired/turn/conditions/input.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import type { Facts, PodView } from '../../../../operator/fleet/pod.ts';
import type { GateDecision } from '../../../../operator/fleet/publish.ts';
import type { TurnFacts } from '../../../../operator/turn/facts.ts';
import type { Rotation } from '../../../../operator/turn/rotation/state.ts';
import { secretHash } from '../../../../operator/turn/secretHash.ts';
import { aPod, facts, nowMs, silence, without } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';
import { aTurnServer } from '../../../support/turnservers.ts';

const hash = secretHash('shared');
const told: TurnFacts = {
  secrets: [hash],
  peersDigest: 'digest',
  certificate: null,
  trials: { [hash]: { ok: true } },
};
const rotation: Rotation = {
  stage: 'Stable',
  contents: { secret: 'shared', annotations: {} },
  issue: 'shared',
  reason: { reason: 'SecretInUse', message: `Credentials are made with secret ${hash}` },
  waitingFor: [],
};
/** Before the Secret was seen. */
const unknown: Rotation = {
  stage: 'Stable',
  contents: rotation.contents,
  reason: rotation.reason,
  waitingFor: [],
};

type Answer = Facts & { readonly answered: true };
/** Published, and does not answer any more. */
const silent = (): PodView => aPod({ name: 'edge-turn-1', engine: 'Coturn', facts: silence });
const turnPod = (answer: Partial<Answer> = {}): PodView =>
  aPod({ name: 'edge-turn-0', engine: 'Coturn', facts: facts({ version: '4.18.0', turn: told, ...answer }) });

function input(pods: readonly PodView[], change: Partial<TurnConditionInput> = {}): TurnConditionInput {
  const cluster = aCluster({ replicas: pods.length });
  const gateOf = ({ marks }: PodView): GateDecision =>
    marks.drain === undefined ? { ok: true } : { ok: false, reason: 'Drains', message: 'It drains' };
  const decision = decideFleet({ cluster, pods, revision: 'current', nowMs, gateOf });
  return {
    server: aTurnServer(),
    cluster,
    decision,
    rotation,
    peers: { lines: ['10.0.0.7'], refused: [], missing: [] },
    peersDigest: 'digest',
    users: [],
    uris: ['turn:192.0.2.1:3478?transport=udp'],
    ...change,
  };
}

function verdict(type: string, of: TurnConditionInput): string {
  const found = turnVerdicts(of).find((one) => one.type === type);
  return found === undefined ? 'absent' : `${found.status} ${found.reason}: ${found.message}`;
}

test('a TurnServer whose pods do what they should is ready', () => {
  const verdicts = turnVerdicts(input([turnPod()]));
  expect(verdicts.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
    'Ready True AllPublished',
    'Available True MinimumPublished',
    'EndpointsPublished True AllPublished',
    'AddressesResolved True PrivateAddress',
    'PeersSynced True PeersKnown',
    'SecretsSynced True SecretInUse',
    'VersionSupported True VersionSupported',
    'Progressing False Settled',
    'Draining False NothingDrains',
    'ReconciliationPaused False NotPaused',
    'ConsumersAdopted True NothingToAdopt',
    'AllocationsObservable True AllAnswer',
    'NodesSufficient Unknown NodesNotReadable',
    'RelayPortsClear True NoNodePorts',
    'PodSecurityCompatible True Admitted',
  ]);
});

describe('SecretsSynced', () => {
  test('names the pod that does not take the credentials that are made now, and why', () => {
    const trials = { [hash]: { ok: false, reason: '401 Unauthorized' } } as const;
    const pods = [turnPod({ turn: { ...told, trials } })];
    expect(verdict('SecretsSynced', input(pods))).toBe(
      `False SecretNotTaken: Credentials of secret ${hash} are not taken by edge-turn-0: 401 Unauthorized`,
    );
    expect(verdict('Ready', input(pods))).toMatch(/^False SecretNotTaken/);
  });

  test('is not known before a secret is there, or a pod has answered', () => {
    expect(verdict('SecretsSynced', input([turnPod()], { rotation: unknown }))).toMatch(
      /^Unknown SecretMissing/,
    );
    expect(verdict('SecretsSynced', input([]))).toMatch(/^Unknown NoPodYet/);
  });

  test('is not known while a published pod does not answer', () => {
    const pods = [turnPod(), silent()];
    expect(verdict('SecretsSynced', input(pods))).toMatch(/^Unknown PodsSilent: .*edge-turn-1/);
  });

  test('never holds the secret itself', () => {
    expect(JSON.stringify(turnVerdicts(input([turnPod()])))).not.toContain('shared');
  });
});

test('ConsumersAdopted names who is missing while secrets overlap, and Ready does not mind', () => {
  const waitingFor = ['pod mattermost/app-0, started before the switch: restart it'];
  const reason = { reason: 'WaitingForConsumers', message: `waiting for ${waitingFor[0]}` };
  const overlapping = input([turnPod()], {
    rotation: { ...rotation, stage: 'Overlapping', reason, waitingFor },
  });
  expect(verdict('ConsumersAdopted', overlapping)).toMatch(/^False WaitingForConsumers: .*app-0/);
  expect(verdict('Ready', overlapping)).toMatch(/^True/);
});

describe('PeersSynced', () => {
  const peers = { lines: [], refused: [], missing: [] };

  test('names an RTCCluster that is not there, and an entry that can be no peer', () => {
    expect(verdict('PeersSynced', input([], { peers: { ...peers, missing: ['gone'] } }))).toMatch(
      /^False RTCClusterMissing: peers.allow names RTCCluster gone/,
    );
    const refused = [{ peer: 'fd00::1', reason: 'of the reason' }];
    expect(verdict('PeersSynced', input([], { peers: { ...peers, refused } }))).toBe(
      'False PeerRefused: fd00::1 cannot be a peer: of the reason',
    );
  });

  test('names an RTCCluster that sends its clients here, where nothing is relayed to it', () => {
    expect(verdict('PeersSynced', input([], { users: ['calls'] }))).toMatch(/^False UserNotAllowed: .*calls/);
    const allow = [{ rtcClusters: { matchNames: ['calls'] } }];
    const server = aTurnServer({ peers: { allow } });
    expect(verdict('PeersSynced', input([turnPod()], { users: ['calls'], server }))).toMatch(/^True/);
  });

  test('waits for pods that have not read the peers yet', () => {
    const late = turnPod({ turn: { ...told, peersDigest: 'older' } });
    expect(verdict('PeersSynced', input([late]))).toMatch(/^Unknown PeersSpreading: edge-turn-0/);
  });

  test('is not known while a published pod does not answer, or none is published', () => {
    expect(verdict('PeersSynced', input([turnPod(), silent()]))).toMatch(
      /^Unknown PodsSilent: .*edge-turn-1/,
    );
    expect(verdict('PeersSynced', input([]))).toMatch(/^Unknown NoPodYet/);
  });
});

describe('VersionSupported', () => {
  test('is False with the fault, and so is Ready, when a pod runs a refused version', () => {
    const pods = [turnPod({ version: '4.17.1' })];
    expect(verdict('VersionSupported', input(pods))).toMatch(/^False VersionRefused: .*IP TTL of 1/);
    expect(verdict('Ready', input(pods))).toMatch(/^False VersionRefused/);
  });

  test('judges the image by its tag before there is a pod', () => {
    const server = aTurnServer({ image: 'coturn/coturn:4.17.0-r0' });
    expect(verdict('VersionSupported', input([], { server }))).toMatch(/^False VersionRefused/);
  });

  test('warns of an old one and leaves Ready alone', () => {
    const pods = [turnPod({ version: '4.16.0' })];
    expect(verdict('VersionSupported', input(pods))).toMatch(/^False VersionOutdated: .*CVE-2026-73215/);
    expect(verdict('Ready', input(pods))).toMatch(/^True/);
  });

  test('is what pods say where the tag says nothing', () => {
    const server = aTurnServer({ image: 'coturn:latest' });
    expect(verdict('VersionSupported', input([turnPod()], { server }))).toMatch(/^True/);
    expect(verdict('VersionSupported', input([], { server }))).toMatch(/^Unknown VersionUnknown/);
  });
});

describe('AllocationsObservable', () => {
  test('says that a coturn has no exporter', () => {
    const uncounted = { answered: true, version: '4.18.0', load: 0, isDraining: false, turn: told } as const;
    const pod = aPod({ name: 'edge-turn-0', engine: 'Coturn', facts: uncounted });
    expect(verdict('AllocationsObservable', input([pod]))).toMatch(/^False NoExporter: .*edge-turn-0/);
  });

  test('names a pod that does not answer', () => {
    const pod = aPod({ name: 'edge-turn-0', engine: 'Coturn', facts: silence });
    expect(verdict('AllocationsObservable', input([pod]))).toMatch(/^False PodsSilent: .*no answer within/);
    expect(verdict('AllocationsObservable', input([without(pod, 'facts')]))).toMatch(/not asked yet/);
  });
});

describe('CertificateReady', () => {
  const certificate = { isUsable: true, reason: 'Valid', message: 'Valid until then', fingerprint: 'AA:BB' };
  const drained = aPod({
    marks: { isPublished: false, drain: { reason: 'Rollout', startedMs: nowMs } },
  }).marks;
  const serves = (fingerprint: string): PodView =>
    turnPod({ turn: { ...told, certificate: { fingerprint, notAfter: '2027-01-01T00:00:00.000Z' } } });

  test('is absent without TLS', () => {
    expect(verdict('CertificateReady', input([turnPod()]))).toBe('absent');
  });

  test('is True when a handshake with each pod showed the one in the Secret', () => {
    expect(verdict('CertificateReady', input([serves('AA:BB')], { certificate }))).toBe(
      'True Valid: Valid until then',
    );
  });

  test('names the pods that still serve another', () => {
    expect(verdict('CertificateReady', input([serves('CC:DD')], { certificate }))).toMatch(
      /^False NotLoaded: .*edge-turn-0/,
    );
  });

  test('is not known while a pod does not answer, drains with another, or there is none', () => {
    expect(verdict('CertificateReady', input([], { certificate }))).toMatch(/^Unknown NoPodYet/);
    expect(verdict('CertificateReady', input([serves('AA:BB'), silent()], { certificate }))).toMatch(
      /^Unknown NotSeen: .*edge-turn-1/,
    );
    const leaving = { ...serves('CC:DD'), name: 'edge-turn-1', uid: 'leaving', marks: drained };
    expect(verdict('CertificateReady', input([serves('AA:BB'), leaving], { certificate }))).toMatch(
      /^Unknown NotSeen: .*edge-turn-1/,
    );
  });

  test('a pod counts as one that serves it only when a handshake showed it', () => {
    const over = { isDraining: true, turn: { ...told, certificate: null } };
    const ended = { ...turnPod(over), name: 'edge-turn-1', uid: 'ended', marks: drained };
    const loaded = (pods: readonly PodView[]): boolean => isLoaded(input(pods, { certificate }));
    expect(loaded([serves('AA:BB')])).toBe(true);
    expect(loaded([serves('AA:BB'), ended])).toBe(true);
    expect(loaded([serves('AA:BB'), silent()])).toBe(false);
    expect(loaded([])).toBe(false);
  });

  test('says what is wrong with the one in the Secret', () => {
    const expired = { isUsable: false, reason: 'Expired', message: 'The certificate ended' };
    expect(verdict('CertificateReady', input([serves('AA:BB')], { certificate: expired }))).toBe(
      'False Expired: The certificate ended',
    );
  });
});

test('behind a load balancer the address is that of the Service', () => {
  const server = aTurnServer({ network: { mode: 'LoadBalancer' } });
  expect(verdict('AddressesResolved', input([turnPod()], { server }))).toMatch(
    /^True LoadBalancerAddress: Clients reach Service edge-turn/,
  );
  expect(verdict('AddressesResolved', input([turnPod()], { server, uris: [] }))).toMatch(
    /^False LoadBalancerPending/,
  );
});

test('relay ports that reach into the NodePorts are told of', () => {
  const relayPorts = { min: 32_000, max: 40_000 };
  const server = aTurnServer({ network: { relayPorts } });
  expect(verdict('RelayPortsClear', input([], { server }))).toMatch(
    /^False NodePortsOverlap: .*32000 to 40000/,
  );
  const balanced = aTurnServer({ network: { relayPorts, mode: 'LoadBalancer' } });
  expect(verdict('RelayPortsClear', input([], { server: balanced }))).toBe('absent');
});

test('a TurnServer without a published pod is not ready, and the pod says why', () => {
  const pod = aPod({ name: 'edge-turn-0', engine: 'Coturn', isReady: false, marks: { isPublished: false } });
  const of = input([pod]);
  const closed = decideFleet({
    cluster: of.cluster,
    pods: [pod],
    revision: 'current',
    nowMs,
    gateOf: () => ({ ok: false, reason: 'AllocationFailed', message: 'It refused' }),
  });
  expect(verdict('EndpointsPublished', { ...of, decision: closed })).toMatch(
    /^False AllocationFailed: .*It refused/,
  );
  expect(verdict('Available', { ...of, decision: closed })).toMatch(/^False BelowMinimum: 0 of 1/);
});

test('a pause, a refusal and a deletion are told in the words of a TurnServer', () => {
  const paused = aTurnServer({}, { annotations: { 'rtc.progressnet.gr/paused': 'true' } });
  expect(verdict('ReconciliationPaused', input([], { server: paused }))).toMatch(
    /kubectl annotate -n mattermost turnserver edge/,
  );
  const refusal = { reason: 'Forbidden', message: 'no rights' };
  expect(verdict('Ready', input([], { refusal }))).toBe('False Forbidden: no rights');
  const going = aTurnServer({}, { deletionTimestamp: '2026-11-30T12:00:00Z' });
  expect(verdict('Ready', input([], { server: going }))).toMatch(/^False Deleting: .*last allocation/);
});
