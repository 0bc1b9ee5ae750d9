/** How long the oracle of `make campaign` waits for an update before it calls what still happens a fault. */
import { describe, expect, it } from '@jest/globals';
import { rtcClusterSchema } from '../../../operator/api/rtccluster.ts';
import { annotations } from '../../../operator/desired/names.ts';
import { deadlineWithin, updateMs, type Update } from './calm.ts';
import type { PodTruth, Scene } from './scene.ts';

const spec = {
  replicas: 3,
  drain: { propagationSeconds: 60, sessionlessSeconds: 30, policy: 'ForceAfter', timeoutSeconds: 300 },
  update: { progressDeadlineSeconds: 200, canary: { bakeSeconds: 500 } },
};

const cluster = rtcClusterSchema.parse({
  apiVersion: 'rtc.progressnet.gr/v1alpha1',
  kind: 'RTCCluster',
  metadata: { name: 'calls', namespace: 'mattermost', uid: 'u', generation: 1 },
  spec,
});

describe('the time that an update may take', () => {
  it('is none where every pod is of the image that is asked for', () => {
    expect(seconds({ outdated: 0 })).toBe(0);
  });

  it('is that of the trial and then, pod by pod, of its deadline while people talk', () => {
    expect(seconds({ outdated: 3, hasCalls: true })).toBe(500 + 3 * (300 + 60));
  });

  it('is no more than the way out of DNS for each pod when nobody talks', () => {
    expect(seconds({ outdated: 3, hasCalls: false })).toBe(500 + 3 * (90 + 60));
  });

  it('ends at the progress deadline of the first new pod when the image is bad, after those that drain already and one more', () => {
    expect(seconds({ outdated: 3, hasCalls: true, isBad: true })).toBe(2 * 300 + 200);
  });

  it('is what is left of that deadline, and a moment, where the pod of a bad image has taken the place of the only one', () => {
    expect(seconds({ outdated: 0, isBad: true, triedForMs: 150_000 })).toBe(200 - 150 + 10);
    expect(seconds({ outdated: 0, isBad: true, triedForMs: 900_000 })).toBe(0);
    expect(seconds({ outdated: 0, isBad: true })).toBe(0);
  });
});

describe('a deadline that is ahead', () => {
  it('is that of a drain with its reason', () => {
    expect(deadlineWithin(sceneWith(drained('Rollout', 100_000)), 240_000)).toBe(200_000);
    expect(deadlineWithin(sceneWith(drained('Rollout', 20_000)), 240_000)).toBeUndefined();
    expect(deadlineWithin(sceneWith(drained('NodeDrain', 3_200_000)), 240_000)).toBe(100_000);
  });

  it('is that of Kubernetes for a pod that is being deleted', () => {
    const pod = drained('', 0, { deletionTimestamp: new Date(nowMs + 30_000).toISOString() });
    expect(deadlineWithin(sceneWith(pod), 240_000)).toBe(30_000);
  });
});

const nowMs = Date.parse('2026-11-23T08:00:00Z');

function drained(reason: string, forMs: number, metadata: object = {}): PodTruth {
  return {
    object: {
      ...{ apiVersion: 'v1', kind: 'Pod' },
      metadata: { name: 'calls-sfu-0', annotations: { [annotations.drain]: reason }, ...metadata },
    },
    ...{ sessions: 1, busySinceMs: 0, version: '1.2.6', isInDns: false },
    drainedSinceMs: new Map([[reason, nowMs - forMs]]),
  };
}

function sceneWith(pod: PodTruth): Scene {
  return {
    cluster,
    pods: new Map([['u', pod]]),
    openNodes: 1,
    demand: 0,
    spares: 0,
    mayReplace: true,
    inhibits: false,
    secrets: [],
    nowMs,
    seenWithinMs: 0,
    slowestWriteMs: 0,
  };
}

function seconds(update: Partial<Update>): number {
  return updateMs({ cluster, outdated: 1, isBad: false, hasCalls: false, ...update }) / 1000;
}
