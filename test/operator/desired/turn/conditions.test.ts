import { describe, expect, test } from '@jest/globals';
import { turnVerdicts } from '../../../../operator/desired/turn/conditions/all.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import { aPod, nowMs, silence, without } from '../../../support/pods.ts';
import { aTurnServer } from '../../../support/turnservers.ts';
import { told, turnPod, input, verdict } from './conditionInput.ts';

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

test('behind a load balancer the address is that of the Service', () => {
  const server = aTurnServer({ network: { mode: 'LoadBalancer', serverName: 'turn.example.com' } });
  expect(verdict('AddressesResolved', input([turnPod()], { server }))).toMatch(
    /^True LoadBalancerAddress: Clients reach Service edge-turn/,
  );
  expect(verdict('AddressesResolved', input([turnPod()], { server, hosts: [] }))).toMatch(
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

test('an agent whose coturn has not started tells no version, and then the tag of the image does', () => {
  expect(verdict('VersionSupported', input([turnPod({ version: '' })]))).toMatch(
    /^True VersionSupported: coturn 4\.18\.0/,
  );
});
