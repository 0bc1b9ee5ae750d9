/** What goes wrong on the way to the real API server while a story is played. */
import { isWrite } from '../../cluster/apiCall.ts';
import type { Fault, Matches } from '../../cluster/faults.ts';
import type { Play } from './play.ts';
import type { LightWorld } from './world.ts';

/** A kind of weather: at single writes, or for a while. */
export type Weather = { readonly name: string } & Pick<Play, 'faultAt' | 'weather'>;

/** As long as a story takes that nothing disturbs. */
const lastingMs = 20_000;
/** Longer than a watch may be silent before the operator takes it for dead: 90 s. */
const halfOpenMs = 100_000;

const isWriteOfObjects: Matches = (call) => isWrite(call) && !['events', 'leases'].includes(call.resource);
const isWatch: Matches = ({ verb }) => verb === 'watch';
const noFault: Play['faultAt'] = () => undefined;

/** See the file comment. */
export const weathers: readonly Weather[] = [
  ...[409, 429, 500].map((status) => ({
    name: `every second write is refused with ${status}`,
    faultAt: noFault,
    weather: failing({ kind: 'reject', status }, () => everySecond(isWriteOfObjects)),
  })),
  {
    name: 'the answer to every second write is lost',
    faultAt: (write) => (write % 2 === 0 ? 'lostAnswer' : undefined),
  },
  { name: 'watches break every second', faultAt: noFault, weather: breakWatches },
  {
    name: 'watches break, and every second one that begins again has expired (410)',
    ...{ faultAt: noFault, weather: expireWatches },
  },
  { name: 'watches are half-open', faultAt: noFault, weather: silenceWatches },
  { name: 'the API server is away', faultAt: noFault, weather: goAway },
  {
    name: 'the API server takes two seconds for each request',
    faultAt: noFault,
    weather: failing({ kind: 'delay', delayMs: 2_000 }, () => () => true),
  },
];

function failing(fault: Fault, matches: () => Matches): (world: LightWorld) => Promise<void> {
  return async ({ proxy }) => {
    const lift = proxy.fail(fault, matches());
    await lasting(lastingMs);
    lift();
  };
}

async function goAway(world: LightWorld): Promise<void> {
  world.proxy.streams.cut();
  await failing({ kind: 'cut' }, () => () => true)(world);
}

async function silenceWatches({ proxy }: LightWorld): Promise<void> {
  proxy.streams.silence();
  await lasting(halfOpenMs);
}

async function expireWatches(world: LightWorld): Promise<void> {
  const lift = world.proxy.fail({ kind: 'reject', status: 410 }, everySecond(isWatch));
  await breakWatches(world);
  lift();
}

async function breakWatches({ proxy }: LightWorld): Promise<void> {
  for (let passedMs = 0; passedMs < lastingMs; passedMs += 1_000) {
    proxy.streams.cut();
    await lasting(1_000);
  }
}

/** Of those that match: chance would make runs that differ more than they must. */
function everySecond(matches: Matches): Matches {
  let count = 0;
  return (call) => matches(call) && (count += 1) % 2 === 0;
}

function lasting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
