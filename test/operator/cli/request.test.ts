import { describe, expect, test } from '@jest/globals';
import { coturnForetold, foretold } from '../../../operator/cli/views/foresight.ts';
import {
  asks,
  endOf,
  isTakenBack,
  isWritten,
  missing,
  refusalOf,
  servingNow,
  type Target,
} from '../../../operator/cli/views/request.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { revisionInputs, revisionOf } from '../../../operator/desired/revision.ts';
import { aNode, aPod, facts } from '../../support/pods.ts';
import { aRecord } from '../../support/records.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const group = 'rtc.progressnet.gr';
const owner = aCluster() as unknown as KubeObject;
type Annotations = Readonly<Record<string, string>>;

function pod(annotations: Annotations = {}, labels: Annotations = {}): KubeObject {
  const ours = { [`${group}/role`]: 'sfu', [`${group}/cluster`]: 'calls', ...labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'calls-sfu-1', labels: ours, annotations } };
}
const target = (annotations: Annotations = {}, change: Partial<Target> = {}): Target => ({
  pod: pod(annotations),
  owner,
  ...change,
});
const requested = (state: string): Annotations => ({ [`${group}/requested-state`]: state });

describe('a request', () => {
  test('is refused for a pod of somebody else', () => {
    const theirs = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
    expect(refusalOf({ pod: theirs, owner: undefined }, asks.drain)).toBe(
      'Pod web is neither an SFU nor a TURN pod',
    );
  });

  test('is refused where nobody would do it', () => {
    expect(refusalOf(target({}, { owner: undefined }), asks.drain)).toContain('is not there');
    const metadata = { ...owner.metadata, annotations: { [`${group}/paused`]: 'why not' } };
    expect(refusalOf(target({}, { owner: { ...owner, metadata } }), asks.drain)).toMatch(
      /is paused.*"why not"/,
    );
    const ending = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: '2026-11-23T12:00:00Z' } };
    expect(refusalOf(target({}, { owner: ending }), asks.cordon)).toContain('is being deleted');
    expect(refusalOf(target(), asks.drain)).toBeUndefined();
  });

  test('takes back only what somebody asked for, and says what takes back the rest', () => {
    expect(refusalOf(target(requested('Draining')), asks.undrain)).toBeUndefined();
    expect(refusalOf(target(requested('Cordoned')), asks.undrain)).toContain('use kubectl rtc uncordon');
    expect(refusalOf(target({ [`${group}/drain`]: 'NodeDrain' }), asks.undrain)).toContain(
      'kubectl uncordon of its node',
    );
    expect(refusalOf(target(), asks.uncordon)).toContain('nothing to take back');
  });

  test('does not take back the drain of a coturn', () => {
    const labels = { [`${group}/role`]: 'turn', [`${group}/turnserver`]: 'edge' };
    const draining = { ...requested('Draining'), [`${group}/drain`]: 'Requested' };
    expect(refusalOf({ pod: pod(requested('Draining'), labels), owner }, asks.undrain)).toBeUndefined();
    expect(refusalOf({ pod: pod(draining, labels), owner }, asks.undrain)).toContain(
      'cannot take a drain back',
    );
  });

  test('is written once, and is over when the pod is as asked for', () => {
    expect(isWritten(pod(requested('Draining')), asks.drain)).toBe(true);
    expect(isWritten(pod(requested('Draining')), asks.undrain)).toBe(false);
    expect(isWritten(pod(), asks.uncordon)).toBe(true);
    const inDns = { [`${group}/published`]: 'true' };
    expect([
      missing(pod(requested('Draining'), inDns), asks.drain),
      missing(pod(requested('Draining')), asks.drain),
      missing(undefined, asks.drain),
    ]).toEqual(['it is still in DNS', 'it is still there', undefined]);
    expect([
      missing(pod({}, inDns), asks.uncordon),
      missing(pod(requested('Cordoned')), asks.cordon),
    ]).toEqual([undefined, undefined]);
  });

  test('ends with what came of it, and with who serves now', () => {
    expect(endOf('calls-sfu-1', undefined, asks.drain)).toBe('Done: pod calls-sfu-1 is gone');
    expect(endOf('calls-sfu-1', pod(requested('Cordoned')), asks.cordon)).toContain('is out of DNS');
    const members = ['Published', 'Draining'].map((state, index) => ({ name: `calls-sfu-${index}`, state }));
    expect(servingNow({ ...owner, status: { desiredPods: 2, members } })).toEqual([
      'RTCCluster calls: 1 of 2 pods are published: calls-sfu-0',
    ]);
  });

  test('that somebody takes back is waited for no longer', () => {
    const back = pod({}, { [`${group}/published`]: 'true' });
    expect(missing(back, asks.drain)).toBeUndefined();
    expect(isTakenBack(back, asks.drain)).toBe(true);
    expect(endOf('calls-sfu-1', back, asks.drain)).toMatch(/^Not done: somebody has taken the drain/);
    const gone = { ...back, metadata: { ...back.metadata, deletionTimestamp: '2026-11-23T12:00:00Z' } };
    expect(isTakenBack(gone, asks.drain)).toBe(false);
  });
});

describe('what will follow', () => {
  const revision = revisionOf(revisionInputs(aCluster(), 'image'));
  const pods = ['n1', 'n2'].map((name, index) =>
    aPod({
      ...{ name: `calls-sfu-${index}`, revision, facts: facts({ sessions: 3 }) },
      ...{ nodeName: name, node: aNode({ name }) },
    }),
  );

  test('is what the operator itself decides of a drain, with its deadline', () => {
    const [told] = foretold(aRecord({ pods }), ['calls-sfu-1'], asks.drain);
    expect(told).toContain(
      'calls-sfu-1 (3 sessions, 0 % load) will be Draining: Draining by annotation requested-state by kubectl-rtc',
    );
    expect(told).toContain('No deadline');
    const overrides = [{ reason: 'Requested', policy: 'ForceAfter', timeoutSeconds: 600 }];
    const [limited] = foretold(
      aRecord({ pods, spec: { drain: { overrides } } }),
      ['calls-sfu-1'],
      asks.drain,
    );
    expect(limited).toContain('At the latest at 2026-11-23T12:10:00Z');
  });

  test('is that a pod stays in DNS as long as nobody could take its place', () => {
    const [told] = foretold(
      aRecord({ pods: pods.slice(0, 1), spec: { replicas: 1 } }),
      ['calls-sfu-0'],
      asks.drain,
    );
    expect(told).toMatch(/will be Published: .*It stays in DNS for now/);
  });

  test('of a coturn is the deadline of its spec, and that nothing takes it back', () => {
    const [told] = coturnForetold(aTurnServer() as unknown as KubeObject, ['edge-turn-0'], asks.drain);
    expect(told).toMatch(
      /^edge-turn-0 takes no new allocations .* It goes \d+h after its drain began at the latest/,
    );
    expect(told).toContain('cannot take a drain back');
  });

  test('is that a cordoned pod is kept out of DNS', () => {
    expect(foretold(aRecord({ pods }), ['calls-sfu-1'], asks.cordon)).toEqual([
      expect.stringContaining('will be Cordoned: Cordoned by annotation requested-state by kubectl-rtc'),
    ]);
  });
});
