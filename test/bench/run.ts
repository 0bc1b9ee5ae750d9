/** One scenario on one server, from the first join to the last leave. */
import { randomBytes } from 'node:crypto';

import { basic, post } from '../contract/http.ts';
import { openPlugin } from '../contract/plugin.ts';
import { takeEventLoopDelayMs } from './eventLoop.ts';
import { Hall, newID, wait } from './hall.ts';
import { playRamp } from './ramp.ts';
import { forwardedPerSecond, type Scenario } from './scenarios.ts';
import { quantiles } from './summary.ts';
import type { Target } from './target.ts';
import { treeUse } from './tree.ts';
import { measureWindow, type WindowResult } from './window.ts';

/** How long each phase lasts, in seconds. */
export interface Phases {
  readonly settleSeconds: number;
  readonly windowSeconds: number;
  /** After everybody has left, before what stayed in memory is read. */
  readonly afterSeconds: number;
}

/** What one run measured. Times in milliseconds, memory in bytes, of the whole process tree of the server. */
export interface RunResult extends WindowResult {
  readonly sessions: number;
  /** What the scenario asks for in that time. */
  readonly expected: number;
  /** From sending a join to the first packet of somebody who was already speaking. */
  readonly joinMs: { readonly p50: number; readonly p99: number; readonly joins: number };
  readonly memory: { readonly before: number; readonly during: number; readonly after: number };
  /** Unmutings that had to be asked for again. */
  readonly refusals: number;
  /** People who had to come again, since they heard nobody. */
  readonly rejoins: number;
  /** What only this scenario measures, by name with unit. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Of the packets that a scenario asks for; less is another scenario. */
const leastShare = 0.97;
const mebibyte = 2 ** 20;

/** Joins, settles, measures, leaves. Rejects when somebody cannot join. */
export async function playScenario(scenario: Scenario, target: Target, phases: Phases): Promise<RunResult> {
  const plugin = await openPlugin(target, await registered(target));
  const before = treeUse(target.pid).residentBytes;
  const hall = new Hall(plugin);
  try {
    const joinsMs = await hall.fill(scenario);
    await wait(phases.settleSeconds);
    const window = await measureWindow(hall, target, scenario.windowSeconds ?? phases.windowSeconds);
    const expected = Math.round(forwardedPerSecond(scenario) * window.result.windowSeconds);
    if (window.result.forwarded < expected * leastShare)
      throw new Error(
        `${window.result.forwarded} of ${expected} packets arrived: what they cost says nothing`,
      );
    const figures = await playEvents(scenario, hall, target);
    const { refusals, rejoins } = hall;
    hall.empty();
    await wait(phases.afterSeconds);
    const after = treeUse(target.pid).residentBytes;
    const [p50 = NaN, p99 = NaN] = quantiles(joinsMs, [0.5, 0.99]);
    return {
      ...window.result,
      sessions: scenario.calls * scenario.peoplePerCall,
      expected,
      joinMs: { p50, p99, joins: joinsMs.length },
      memory: { before, during: window.residentBytes, after },
      refusals,
      rejoins,
      figures,
    };
  } finally {
    hall.empty();
    plugin.drop();
  }
}

/** What happens after the quiet window, if anything does. */
async function playEvents(
  scenario: Scenario,
  hall: Hall,
  target: Target,
): Promise<Readonly<Record<string, number>>> {
  const { storms = [], churnSeconds, ramp } = scenario;
  const figures: Record<string, number> = {};
  for (const storm of storms) {
    await takeEventLoopDelayMs(target);
    const tookMs = await hall.storm(storm);
    const [p50 = NaN, p99 = NaN] = quantiles(tookMs, [0.5, 0.99]);
    const name = `join${storm.joins}At${storm.joinsPerSecond}PerSecondAmong${storm.present}`;
    figures[`${name}P50Ms`] = p50;
    figures[`${name}P99Ms`] = p99;
    figures[`${name}HeardNobody`] = storm.joins - tookMs.length;
    const delayMs = await takeEventLoopDelayMs(target);
    if (delayMs !== undefined) figures[`${name}EventLoopP99Ms`] = delayMs;
  }
  if (churnSeconds !== undefined) {
    const full = treeUse(target.pid).residentBytes;
    figures['replacedPeople'] = await hall.replaceAll(churnSeconds);
    figures['memoryAddedByChurnMiB'] = (treeUse(target.pid).residentBytes - full) / mebibyte;
  }
  if (ramp !== undefined) Object.assign(figures, await playRamp(hall, target, { ...scenario, ramp }));
  return figures;
}

/** A new client of the server. */
export async function registered(
  target: Target,
): Promise<{ readonly clientID: string; readonly basic: string }> {
  const [clientID, authKey] = [newID(), randomBytes(16).toString('hex')];
  const answer = await post(target, '/register', { body: { clientID, authKey } });
  if (answer.status !== 201) throw new Error(`registering: ${answer.status} ${answer.text}`);
  return { clientID, basic: basic(clientID, authKey) };
}
