/** The loads that prices are fitted to: each of the five counts is large in some of them and small in others. Data only. */
import type { Counts } from '../../operator/fleet/scale/measures.ts';
import type { Scenario } from '../bench/scenarios.ts';

const screenBps = 1_600_000;

function load(calls: number, peoplePerCall: number, unmutedPerCall: number): Scenario {
  const name = `${calls}x${peoplePerCall}-u${unmutedPerCall}`;
  return { name, calls, peoplePerCall, unmutedPerCall, screenBps: 0 };
}

/** The same, and one of each call shares a screen. */
function withScreen(voices: Scenario): Scenario {
  return { ...voices, name: `${voices.name}-screen`, screenBps };
}

/** At most some six thousand packets a second go out: a generator on one core keeps up with that. */
export const loads: readonly Scenario[] = [
  load(1, 50, 2),
  load(1, 100, 1),
  load(1, 20, 5),
  load(5, 10, 2),
  load(10, 10, 1),
  load(2, 10, 5),
  load(20, 2, 2),
  load(50, 2, 2),
  load(60, 2, 1),
  withScreen(load(1, 15, 1)),
  withScreen(load(1, 25, 1)),
  withScreen(load(3, 7, 1)),
  withScreen(load(15, 2, 1)),
];

/** Sessions and tracks of a load: every track goes to everybody else in its call. */
export function countsOf({ calls, peoplePerCall, unmutedPerCall, screenBps: bps }: Scenario): Counts {
  const [audioIn, videoIn] = [calls * unmutedPerCall, bps > 0 ? calls : 0];
  const others = peoplePerCall - 1;
  return {
    ...{ sessions: calls * peoplePerCall, audioIn, videoIn },
    ...{ audioOut: audioIn * others, videoOut: videoIn * others },
  };
}
