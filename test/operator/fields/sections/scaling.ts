/** `spec.replicas` and `spec.scaling` but for its plans: how many pods. */
import {
  newHistory,
  type Run,
  type ScaleHistory,
  type Step,
} from '../../../../operator/fleet/scale/history.ts';
import { before, facts, nowMs } from '../../../support/pods.ts';
import type { Effect, Section, SpecPart } from '../entry.ts';
import { running, type Situation } from '../situation.ts';

/** `scaling` as it is, and with `changed` laid over it; sessions decide, 100 a pod. */
export function auto(changed: SpecPart, from: SpecPart = {}): Pick<Effect, 'from' | 'set'> {
  const target = { sessionsPerPod: 100, loadPercent: null, cpuPercent: null };
  const scaling = { mode: 'Auto', minPods: 1, target, headroom: { percent: 0 }, ...from };
  return { from: { replicas: null, scaling }, set: { scaling: changed } };
}

/** Why the status does not go back with the field. */
export const decided = 'what was decided stays in status, and pods go only after a whole window';

const pod = (sessions: number, more: object = {}): object => ({ facts: facts({ sessions, ...more }) });
/** Two pods with this many people together. */
const people = (sessions: number): Situation => running(pod(sessions / 2), pod(sessions / 2));
const hard = { load: 0.5, measures: { atMs: nowMs, egressMbit: 500 } };
const hardWorking = running(pod(100, hard), pod(100, hard));

/** An operator that has watched for an hour. */
function watched(runs: readonly Run[], desired: number, steps: readonly Step[] = []): ScaleHistory {
  return { ...newHistory(nowMs, desired), watchedSinceMs: before(3_600_000), runs, steps };
}
const run = (pods: number, fromAgoMs: number, untilAgoMs: number): Run => ({
  ...{ pods, fromMs: before(fromAgoMs), untilMs: before(untilAgoMs) },
});

/** 215 people on two pods, for which two were enough until now. */
const rising: Situation = { ...people(230), history: watched([run(2, 3_600_000, 1)], 2) };
/** Three idle pods, of which one has been enough for `agoMs`. */
export const falling = (agoMs: number, steps: readonly Step[] = []): Situation => ({
  ...running({}, {}, {}),
  history: watched([run(3, 3_600_000, agoMs), run(1, agoMs, 1)], 3, steps),
});
const growing: Situation = {
  ...people(150),
  history: {
    ...watched([run(2, 3_600_000, 1)], 2),
    samples: [120, 60].map((agoSeconds) => ({ atMs: before(agoSeconds * 1000), sessions: 150 - agoSeconds })),
  },
};
const up = (part: SpecPart): SpecPart => ({ behavior: { scaleUp: part } });
const down = (part: SpecPart): SpecPart => ({ behavior: { scaleDown: part } });
const silentFor = (agoMs: number): Situation =>
  running(pod(10), {
    facts: {
      ...{ answered: false, message: 'no answer' },
      last: { sessions: 95, load: 0, measures: { atMs: before(agoMs) } },
    },
  });
const draining = running(pod(150), {}, { drain: { reason: 'ScaleDown', agoMs: 20_000 } });
const once = { oneWay: decided };

/** See the file comment. */
export const scaling: Section = {
  replicas: { set: { replicas: 3 } },
  'scaling.mode': { set: { scaling: { mode: 'External' } } },
  'scaling.minPods': { ...auto({ minPods: 3 }), ...once },
  'scaling.maxPods': { ...auto({ maxPods: 3 }), in: people(900), ...once },
  'scaling.target.sessionsPerPod': { ...auto({ target: { sessionsPerPod: 50 } }), in: people(200), ...once },
  'scaling.target.loadPercent': { ...auto({ target: { loadPercent: 20 } }), in: hardWorking, ...once },
  'scaling.target.cpuPercent': { ...auto({ target: { cpuPercent: 20 } }), in: hardWorking, ...once },
  'scaling.target.egressMbitPerPod': {
    ...auto({ target: { egressMbitPerPod: 200 } }),
    ...{ in: hardWorking, ...once },
  },
  'scaling.headroom.sessions': { ...auto({ headroom: { sessions: 300 } }), in: people(100), ...once },
  'scaling.headroom.percent': { ...auto({ headroom: { percent: 200 } }), in: people(200), ...once },
  'scaling.headroom.largestCallSessions': {
    ...auto({ headroom: { largestCallSessions: 80 } }),
    ...{ in: people(100), ...once },
  },
  'scaling.headroom.leadTime': {
    ...auto({ headroom: { leadTime: 'Off' } }),
    ...{ in: growing, ...once },
  },
  'scaling.behavior.tolerancePercent': {
    ...auto({ behavior: { tolerancePercent: 50 } }),
    ...{ in: people(230), ...once },
  },
  'scaling.behavior.scaleUp.stabilizationSeconds': {
    ...auto(up({ stabilizationSeconds: 600 })),
    ...{ in: rising, ...once },
  },
  'scaling.behavior.scaleUp.confirmPeriods': {
    ...auto(up({ confirmPeriods: 10 })),
    ...{ in: rising, ...once },
  },
  'scaling.behavior.scaleUp.maxPods': {
    ...auto(up({ maxPods: 1 }), up({ maxPercent: 0 })),
    ...{ in: people(600), ...once },
  },
  'scaling.behavior.scaleUp.maxPercent': {
    ...auto(up({ maxPercent: 0 }), up({ maxPods: 1 })),
    ...{ in: people(600), ...once },
  },
  'scaling.behavior.scaleUp.periodSeconds': {
    ...auto(up({ periodSeconds: 60 }), up({ maxPods: 1, maxPercent: 0 })),
    in: { ...rising, history: watched([], 2, [{ atMs: before(20_000), from: 1, to: 2 }]) },
    ...once,
  },
  'scaling.behavior.scaleDown.stabilizationSeconds': {
    ...auto(down({ stabilizationSeconds: 1200 })),
    ...{ in: falling(600_000), ...once },
  },
  'scaling.behavior.scaleDown.confirmPeriods': {
    ...auto(down({ confirmPeriods: 60 }), down({ stabilizationSeconds: 0 })),
    ...{ in: falling(300_000), ...once },
  },
  'scaling.behavior.scaleDown.maxPods': {
    ...auto(down({ maxPods: 2 }), down({ maxPercent: 0 })),
    ...{ in: falling(600_000), ...once },
  },
  'scaling.behavior.scaleDown.maxPercent': {
    ...auto(down({ maxPercent: 100 })),
    ...{ in: falling(600_000), ...once },
  },
  'scaling.behavior.scaleDown.periodSeconds': {
    ...auto(down({ periodSeconds: 300 })),
    ...{ in: falling(600_000, [{ atMs: before(90_000), from: 4, to: 3 }]), ...once },
  },
  'scaling.behavior.minPodAgeSeconds': {
    ...auto({ behavior: { minPodAgeSeconds: 86_400 } }),
    ...{ in: falling(600_000), ...once },
  },
  'scaling.behavior.reuseDraining': {
    ...auto({ behavior: { reuseDraining: 'Never' } }, { minPods: 3 }),
    ...{ in: draining, oneWay: 'a pod was created meanwhile' },
  },
  'scaling.behavior.maxPendingPods': {
    ...auto({ behavior: { maxPendingPods: 0 } }),
    ...{ in: people(900), ...once },
  },
  'scaling.metrics.periodSeconds': auto({ metrics: { periodSeconds: 30 } }),
  'scaling.metrics.staleAfterSeconds': {
    ...auto({ metrics: { staleAfterSeconds: 120 } }),
    in: silentFor(60_000),
  },
  'scaling.metrics.onMissing': {
    ...auto({ metrics: { onMissing: 'AssumeFull' } }, { target: { sessionsPerPod: 1000 } }),
    ...{ in: silentFor(60_000), ...once },
  },
  'scaling.dryRun': { ...auto({ dryRun: true }), in: people(600), ...once },
};
