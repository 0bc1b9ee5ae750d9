/** Where a server under a quota of CPU cannot follow any more, and how it does at a part of that. */
import { eventually } from '../support/eventually.ts';
import { type Hall, wait } from './hall.ts';
import { limitCpu } from './quota.ts';
import type { Target } from './target.ts';
import { forwardedPerSecond, type Ramp, type Scenario } from './scenarios.ts';
import { measureWindow, type WindowResult } from './window.ts';

const settleSeconds = 1;
const stepSeconds = 3;
const longSeconds = 6;
/** Above these it does not follow. */
const mostLost = 0.001;
const mostDelayP99Ms = 50;
const leastShare = 0.97;
/** Above it the generator is what is measured. */
const mostGeneratorLoad = 0.9;
const mostSteps = 24;

/** Why a step is the last; undefined: it was followed. */
export function overloaded(
  { forwarded, lost, windowSeconds, delayMs }: WindowResult,
  offeredPerSecond: number,
): string | undefined {
  if (lost > (forwarded + lost) * mostLost) return `${lost} packets lost`;
  if (delayMs.p99 > mostDelayP99Ms) return `delay of ${delayMs.p99.toFixed(0)} ms`;
  if (forwarded < offeredPerSecond * windowSeconds * leastShare) return 'packets come too late';
  return undefined;
}

/** Figures of `Scenario.ramp`, by name with unit. The quota holds from now until it is done. */
export async function playRamp(
  hall: Hall,
  target: Target,
  scenario: Scenario & { readonly ramp: Ramp },
): Promise<Readonly<Record<string, number>>> {
  const { cpuShare, firstSpeed, growth } = scenario.ramp;
  const atLife = forwardedPerSecond(scenario);
  const at = async (speed: number, seconds: number): Promise<WindowResult> => {
    hall.setSpeed(speed);
    await wait(settleSeconds);
    return (await measureWindow(hall, target, seconds)).result;
  };
  const release = await limitCpu(target.pid, cpuShare);
  try {
    const { followed, isGenerator } = await climb({ firstSpeed, growth, atLife, at });
    await drained(at, firstSpeed * atLife, firstSpeed);
    const half = await at(followed / 2, longSeconds);
    const most = await at(followed * 0.7, longSeconds);
    return {
      saturationPacketsPerSecond: followed * atLife,
      generatorWasTheLimit: isGenerator ? 1 : 0,
      halfSaturationCores: coresOf(half),
      at70PercentOfSaturationCores: coresOf(most),
      halfSaturationDelayP50Ms: half.delayMs.p50,
      halfSaturationDelayP99Ms: half.delayMs.p99,
      lostAt70PercentOfSaturationPercent: (most.lost / (most.forwarded + most.lost)) * 100,
    };
  } finally {
    await release();
  }
}

/** Near the quota the server is paused whatever it does. */
function coresOf({ cpuMs, windowSeconds }: WindowResult): number {
  return cpuMs / 1000 / windowSeconds;
}

interface Climb {
  readonly firstSpeed: number;
  readonly growth: number;
  readonly atLife: number;
  readonly at: (speed: number, seconds: number) => Promise<WindowResult>;
}

/** The last speed that was followed; or the one at which the generator has no more to give. Rejects without one. */
async function climb(order: Climb): Promise<{ readonly followed: number; readonly isGenerator: boolean }> {
  const { firstSpeed, growth, atLife, at } = order;
  let [followed, speed] = [NaN, firstSpeed];
  for (let step = 0; step < mostSteps; step += 1, speed *= growth) {
    let result = await at(speed, stepSeconds);
    // A machine hiccups; a server that cannot follow does so again.
    if (overloaded(result, speed * atLife) !== undefined) result = await at(speed, stepSeconds);
    const reason = overloaded(result, speed * atLife);
    if (result.generatorLoad > mostGeneratorLoad) return { followed: speed / growth, isGenerator: true };
    if (reason !== undefined && step > 0) return { followed, isGenerator: false };
    if (reason !== undefined) throw new Error(`the slowest step is too fast already: ${reason}`);
    followed = speed;
  }
  throw new Error(`no limit was found up to ${(followed * atLife).toFixed(0)} packets/s`);
}

/** What waited in queues has gone. */
async function drained(at: Climb['at'], offeredPerSecond: number, speed: number): Promise<void> {
  await eventually(
    async () => {
      const reason = overloaded(await at(speed, 1), offeredPerSecond);
      return reason === undefined ? undefined : `the server to recover: ${reason}`;
    },
    { timeoutMs: 30_000 },
  );
}
