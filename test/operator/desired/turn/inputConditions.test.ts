import { describe, expect, test } from '@jest/globals';
import { turnVerdicts } from '../../../../operator/desired/turn/conditions/all.ts';
import { isLoaded } from '../../../../operator/desired/turn/conditions/certificate.ts';
import type { PodView } from '../../../../operator/fleet/pod.ts';
import { aPod, nowMs } from '../../../support/pods.ts';
import { aTurnServer } from '../../../support/turnservers.ts';
import { hash, told, rotation, unknown, silent, turnPod, input, verdict } from './conditionInput.ts';

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
