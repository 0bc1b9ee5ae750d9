/** Scenarios of `make campaign` in which something was wrong once, as they were then: draws of a seed may change. */
import { describe, expect, it } from '@jest/globals';
import { playScenario } from './run.ts';
import type { Scenario } from './scenario.ts';
import { problemOf } from './totals.ts';

const spec = {
  replicas: 1,
  engine: { image: 'sfu:1.2.6' },
  discovery: { minPublished: 1 },
  drain: { propagationSeconds: 60, sessionlessSeconds: 30 },
  update: { progressDeadlineSeconds: 300 },
};
const one = { operators: ['a'], dnsTtlSeconds: 5, callEveryMs: 90_000 };

const known: Readonly<Record<string, Scenario>> = {
  'a call begins on the only pod of the only node right before it is replaced': {
    ...{ seed: 1598, nodes: 1, calmAtMs: 1_020_000, ...one },
    spec: { ...spec, deletionPolicy: 'Immediate' },
    events: [
      { atMs: 284_900, kind: 'image', tag: '1.3.0' },
      { atMs: 649_700, kind: 'readdress', node: 1 },
      { atMs: 655_400, kind: 'weather', which: 'refusing', forMs: 221_000 },
      { atMs: 704_300, kind: 'crash', operator: 'a', downMs: 3_000 },
      { atMs: 746_000, kind: 'drainNode', node: 1 },
    ],
  },
  'calls go on arriving at the pods of a cluster that is being deleted': {
    ...{ seed: 1738, nodes: 3, calmAtMs: 1_200_000, ...one },
    spec: {
      ...spec,
      replicas: 2,
      discovery: { minPublished: 2 },
      drain: { propagationSeconds: 45, sessionlessSeconds: 5 },
    },
    events: [
      { atMs: 220_500, kind: 'deleteCluster' },
      { atMs: 364_500, kind: 'crash', operator: 'a', downMs: 24_000 },
      { atMs: 824_800, kind: 'drainNode', node: 1 },
    ],
  },
  'an update with a deadline for each pod outlasts everything else': {
    ...{ seed: 2137, nodes: 6, calmAtMs: 1_200_000, ...one, callEveryMs: 30_000 },
    spec: {
      ...spec,
      replicas: 5,
      drain: { ...spec.drain, policy: 'ForceAfter', timeoutSeconds: 300 },
      update: { ...spec.update, canary: { pods: 0 } },
    },
    events: [{ atMs: 1_000_000, kind: 'image', tag: '1.2.7' }],
  },
  'a drain is renamed while its node is cut off, and gets its first reason and a whole deadline back': {
    ...{ seed: 1139, nodes: 1, calmAtMs: 660_000, ...one, callEveryMs: 10_000 },
    spec: {
      ...spec,
      drain: { propagationSeconds: 60, sessionlessSeconds: 15, policy: 'ForceAfter', timeoutSeconds: 300 },
      deletionPolicy: 'Immediate',
    },
    events: [
      { atMs: 131_800, kind: 'readdress', node: 1 },
      { atMs: 223_600, kind: 'crash', operator: 'a', downMs: 33_000 },
      { atMs: 390_500, kind: 'disconnect', node: 1, forMs: 259_000 },
      { atMs: 416_500, kind: 'weather', which: 'stuttering', forMs: 238_000 },
      { atMs: 505_700, kind: 'deletePod', node: 1 },
    ],
  },
  'the pod of a bad image takes the place of the only one when everybody else has done everything': {
    ...{ seed: 7731, nodes: 1, calmAtMs: 780_000, ...one },
    spec: { ...spec, drain: { propagationSeconds: 45, sessionlessSeconds: 15 } },
    events: [
      { atMs: 214_678, kind: 'image', tag: '0.16.0' },
      { atMs: 300_562, kind: 'readdress', node: 1 },
      { atMs: 648_594, kind: 'powerOff', node: 1, forMs: 276_000 },
    ],
  },
  'a pod that calls did not reach goes when fewer are wanted, although the load needs more': {
    ...{ seed: 262, nodes: 4, calmAtMs: 1_020_000, ...one, callEveryMs: 30_000, placesProbes: true },
    spec: { replicas: 4, engine: { image: 'sfu:1.2.6' }, discovery: { minPublished: 4 } },
    events: [
      { atMs: 148_544, kind: 'closeWay', way: 'media', forMs: 196_000 },
      { atMs: 166_021, kind: 'readdress', node: 2 },
      { atMs: 757_934, kind: 'calls', count: 4, sessions: 25 },
      { atMs: 901_270, kind: 'scale', replicas: 1 },
    ],
  },
  'fewer pods are wanted in the middle of an update, and the load needs them all': {
    ...{ seed: 5, nodes: 5, calmAtMs: 1_200_000, ...one },
    spec: {
      ...{ replicas: 4, engine: { image: 'sfu:1.2.6' } },
      drain: { policy: 'ForceAfter', timeoutSeconds: 120 },
      update: { ...spec.update, canary: { pods: 0 } },
    },
    events: [
      { atMs: 100_000, kind: 'calls', count: 12, sessions: 24 },
      { atMs: 150_000, kind: 'image', tag: '1.3.0' },
      { atMs: 230_000, kind: 'scale', replicas: 2 },
    ],
  },
  'another operator takes over in the middle of an update, and scaling is a dry run': {
    ...{ seed: 5, nodes: 5, calmAtMs: 600_000, ...one, callEveryMs: 10_000 },
    spec: {
      engine: { image: 'sfu:1.2.6' },
      scaling: { mode: 'Auto', minPods: 2, maxPods: 4, target: { sessionsPerPod: 200 }, dryRun: true },
      update: { strategy: 'Surge', maxSurge: 1, canary: { pods: 0 } },
    },
    events: [
      { atMs: 150_000, kind: 'image', tag: '1.3.0' },
      { atMs: 152_000, kind: 'crash', operator: 'a', downMs: 2_000 },
    ],
  },
  'a machine is taken away for good while it has no power': {
    ...{ seed: 8200, nodes: 1, calmAtMs: 1_080_000, ...one },
    spec,
    events: [
      { atMs: 311_300, kind: 'spot', node: 1 },
      { atMs: 426_900, kind: 'powerOff', node: 1, forMs: 170_000 },
      { atMs: 814_600, kind: 'readdress', node: 1 },
    ],
  },
};

describe('in a scenario that once went wrong', () => {
  it.each(Object.entries(known))('%s, and nothing is violated', async (_, scenario) => {
    const result = await playScenario(scenario);
    expect(result.violations.length === 0 ? undefined : problemOf(scenario, result)).toBeUndefined();
  });
});
