/** What others do, as their documentation and defaults say: HPA on CPU and on sessions, Agones' buffer, Jitsi's periods. */
import type { Fleet, ModelPod } from './fleet.ts';

/** Decides every ten seconds. */
export interface Policy {
  readonly name: string;
  /** Acts on the fleet; how many serving pods it wants now. */
  tick(fleet: Fleet): number;
}

const least = 2;
const most = 20;
const bounded = (pods: number): number => Math.min(most, Math.max(least, pods));
const serving = (fleet: Fleet): ModelPod[] =>
  fleet.pods.filter(
    ({ terminatingSinceMs, drain }) => terminatingSinceMs === undefined && drain === undefined,
  );

/** The rtcd chart: a pod that is told to go has five hours for its calls. */
const graceMs = 18_000_000;

/** Publishes what is ready, ends what has nobody left or no time; makes or ends pods until `desired` serve. */
function settle(fleet: Fleet, desired: number, victims: (pods: readonly ModelPod[]) => ModelPod[]): void {
  for (const pod of [...fleet.pods]) {
    if (pod.terminatingSinceMs === undefined && fleet.isReady(pod)) fleet.publish(pod);
    const endedMs = fleet.nowMs - (pod.terminatingSinceMs ?? fleet.nowMs);
    if (pod.terminatingSinceMs !== undefined && (pod.calls.size === 0 || endedMs > graceMs))
      fleet.remove(pod);
  }
  const now = serving(fleet);
  for (let missing = desired - now.length; missing > 0; missing -= 1) fleet.create();
  for (const pod of victims(now).slice(0, Math.max(0, now.length - desired))) {
    pod.terminatingSinceMs = fleet.nowMs;
    pod.isPublished = false;
  }
}

/** A ReplicaSet: those that are not ready first, then the youngest. It does not know of calls. */
const youngest = (pods: readonly ModelPod[]): ModelPod[] =>
  pods.toSorted((a, b) => Number(a.isPublished) - Number(b.isPublished) || b.createdMs - a.createdMs);
/** Those that know of calls: the emptiest first. */
const emptiest =
  (fleet: Fleet) =>
  (pods: readonly ModelPod[]): ModelPod[] =>
    pods.toSorted(
      (a, b) => Number(a.isPublished) - Number(b.isPublished) || fleet.sessions(a) - fleet.sessions(b),
    );

/** autoscaling/v2 with its defaults: 15 s, tolerance 10 %, up to double or 4 pods, down after 300 s. */
export function hpa(name: string, target: number, metric: (pod: ModelPod, fleet: Fleet) => number): Policy {
  const wished: { readonly atMs: number; readonly pods: number }[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  let desired = least;
  let mean = 0;
  return {
    name,
    tick(fleet) {
      const ready = serving(fleet).filter(({ isPublished }) => isPublished);
      const now = ready.reduce((sum, pod) => sum + metric(pod, fleet), 0) / Math.max(1, ready.length);
      mean += (now - mean) * (1 - Math.exp(-10 / 30)); // metrics-server's window
      if (fleet.nowMs - lastMs >= 15_000) {
        lastMs = fleet.nowMs;
        const ratio = mean / target;
        const wish = Math.abs(ratio - 1) <= 0.1 ? desired : Math.ceil(ready.length * ratio);
        wished.push({ atMs: fleet.nowMs, pods: bounded(wish) });
        while ((wished[0]?.atMs ?? fleet.nowMs) < fleet.nowMs - 300_000) wished.shift();
        const stable = Math.max(...wished.map(({ pods }) => pods));
        const up = Math.min(bounded(wish), Math.max(desired * 2, desired + 4));
        desired = wish > desired ? up : Math.min(desired, stable);
      }
      settle(fleet, desired, youngest);
      return desired;
    },
  };
}

/** Agones' counter policy: so many free places at all times, `perPod` on each pod; every 30 s, no window. */
export function agones(name: string, places: { readonly free: number; readonly perPod: number }): Policy {
  let lastMs = Number.NEGATIVE_INFINITY;
  let desired = least;
  return {
    name,
    tick(fleet) {
      if (fleet.nowMs - lastMs >= 30_000) {
        lastMs = fleet.nowMs;
        const taken = serving(fleet).reduce((sum, pod) => sum + fleet.sessions(pod), 0);
        desired = bounded(Math.ceil((taken + places.free) / places.perPod));
      }
      settle(fleet, desired, emptiest(fleet));
      return desired;
    },
  };
}

/**
 * jitsi-autoscaler's sample group: periods of a minute, 2 above 0.6 to go up by 2, 4 below 0.3 to go down by 1, 480 s
 * of grace after a change (120 s when more are needed), new ones protected for 600 s.
 */
export function jitsi(name: string): Policy {
  const periods: number[] = [];
  let periodMs = 0;
  let changedMs = Number.NEGATIVE_INFINITY;
  let desired = least;
  const decide = (fleet: Fleet): void => {
    const pods = serving(fleet);
    periods.push(pods.reduce((sum, { load }) => sum + load, 0) / Math.max(1, pods.length));
    const step = jitsiStep(periods);
    const graceMs = step > 0 ? 120_000 : 480_000;
    if (step === 0 || pods.length !== desired || fleet.nowMs - changedMs < graceMs) return;
    desired = bounded(desired + step);
    changedMs = fleet.nowMs;
    periods.splice(0);
  };
  return {
    name,
    tick(fleet) {
      if (fleet.nowMs - periodMs >= 60_000) {
        periodMs = fleet.nowMs;
        decide(fleet);
      }
      const old = (pods: readonly ModelPod[]): ModelPod[] =>
        emptiest(fleet)(pods.filter(({ createdMs }) => fleet.nowMs - createdMs > 600_000 || createdMs === 0));
      settle(fleet, desired, old);
      return desired;
    },
  };
}

function jitsiStep(periods: readonly number[]): number {
  const all = (count: number, matches: (load: number) => boolean): boolean =>
    periods.length >= count && periods.slice(-count).every(matches);
  if (all(2, (load) => load > 0.6)) return 2;
  return all(4, (load) => load < 0.3) ? -1 : 0;
}
