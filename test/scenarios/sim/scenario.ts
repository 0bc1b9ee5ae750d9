/** Pure: a seed → what happens in one scenario, as plain data that can be printed and played again. */
import type { PersonDeed } from './kinds/personDeed.ts';
import type { AutoscalerDeed } from './kinds/autoscalerDeed.ts';
import type { ProbeDeed } from './kinds/probeDeed.ts';
import type { Span } from './kinds/clockTimes.ts';
import type { Plan } from './kinds/plan.ts';
import type { ReplicaDeed } from './kinds/replicaDeed.ts';
import { createRandom, type Random } from './random.ts';

/** One thing that somebody or something does to the cluster. Nodes are numbered from 1. */
export type Deed =
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'image'; readonly tag: string }
  | { readonly kind: 'cordon' | 'uncordon' | 'drainNode' | 'spot' | 'deleteNode'; readonly node: number }
  | { readonly kind: 'powerOff' | 'disconnect' | 'silence'; readonly node: number; readonly forMs: number }
  | { readonly kind: 'readdress'; readonly node: number }
  | { readonly kind: 'deletePod'; readonly node: number }
  | { readonly kind: 'crash'; readonly operator: string; readonly downMs: number }
  | { readonly kind: 'clockJump'; readonly operator: string; readonly byMs: number }
  | { readonly kind: 'weather'; readonly which: WeatherKind; readonly forMs: number }
  | { readonly kind: 'compact' }
  | { readonly kind: 'calls'; readonly count: number; readonly sessions: number }
  | { readonly kind: 'deleteCluster' }
  | PersonDeed
  | ReplicaDeed
  | ProbeDeed
  | AutoscalerDeed;

/** Named kinds of bad weather between operators and the API server. */
export const weatherKinds = [
  'down',
  'refusing',
  'throttling',
  'conflicting',
  'lossy',
  'slow',
  'stuttering',
  'halfOpen',
  'breaking',
] as const;

/** See `weatherKinds`. */
export type WeatherKind = (typeof weatherKinds)[number];

/** Something at its time. */
export type Event = Deed & { readonly atMs: number };

/** See the file comment. */
export interface Scenario {
  readonly seed: number;
  readonly nodes: number;
  readonly operators: readonly string[];
  readonly dnsTtlSeconds: number;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Mean time from one call to the next. */
  readonly callEveryMs: number;
  /** SFUs are had to call each other. Default: nobody places calls, and no pod waits for one. */
  readonly placesProbes?: true;
  /** When pods may be replaced, in milliseconds since the begin. Default: always. */
  readonly hours?: readonly Span[];
  /** What the spec plans for the number of pods, in milliseconds since the begin. Default: nothing. */
  readonly plans?: readonly Plan[];
  /** In order of time. */
  readonly events: readonly Event[];
  /** When everything has been done and the weather is fair again. */
  readonly calmAtMs: number;
}

/** When the fleet may be expected to serve. */
const warmUpMs = 60_000;

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed);
  const nodes = random.int(1, 6);
  const operators = random.chance(0.4) ? ['a', 'b'] : ['a'];
  const calmAtMs = random.int(8, 20) * 60_000;
  const events = Array.from({ length: random.int(2, 8) }, (): Event => {
    const deed = deedOf(random, { nodes, operators });
    return { ...deed, atMs: random.int(warmUpMs, calmAtMs - 60_000) };
  });
  return {
    ...{ seed, nodes, operators, calmAtMs },
    dnsTtlSeconds: random.pick([5, 30]),
    spec: { ...specOf(random, nodes), update: updateOf(createRandom(seed ^ updateSalt)) },
    callEveryMs: random.pick([10_000, 30_000, 90_000]),
    events: events.toSorted((a, b) => a.atMs - b.atMs),
  };
}

function specOf(random: Random, nodes: number): Scenario['spec'] {
  const pods = random.int(1, Math.max(1, nodes));
  return {
    ...(random.chance(0.35) ? autoOf(random, { pods, nodes }) : { replicas: pods }),
    engine: { image: 'sfu:1.2.6' },
    discovery: { minPublished: random.int(1, pods) },
    drain: {
      propagationSeconds: random.pick([45, 45, 60]),
      sessionlessSeconds: random.pick([5, 15, 30]),
      ...random.pick([{}, {}, { policy: 'ForceAfter', timeoutSeconds: 300 }]),
      overrides: random.pick([[], [{ reason: 'NodeDrain', policy: 'ForceAfter', timeoutSeconds: 240 }]]),
    },
    disruption: { replaceBeforeNodeDrain: random.chance(0.7) },
    deletionPolicy: random.pick(['Drain', 'Drain', 'Immediate']),
  };
}

/** What is drawn apart leaves every other draw as it was. */
const updateSalt = 0x0bda7e;

/** Trials shorter than anybody would want, so that there is time for the others to follow. */
function updateOf(random: Random): object {
  return {
    progressDeadlineSeconds: 300,
    canary: random.pick([{ pods: 0 }, { bakeSeconds: 30 }, { bakeSeconds: 120 }]),
    ...random.pick([
      {},
      {},
      { maxUnavailable: 2 },
      { strategy: 'Surge', maxSurge: random.int(1, 2) },
      { strategy: 'Surge', maxSurge: 1, maxUnavailable: 0 },
    ]),
    onFailure: random.pick(['Rollback', 'Rollback', 'Pause']),
  };
}

/** Follows the sessions, faster than a person would want: a scenario is short. */
export function autoOf(
  random: Random,
  { pods, nodes }: { readonly pods: number; readonly nodes: number },
): { readonly scaling: Readonly<Record<string, unknown>> & { readonly maxPods: number } } {
  const behavior = {
    minPodAgeSeconds: 60,
    scaleDown: { stabilizationSeconds: 60, confirmPeriods: 2, maxPercent: 100, periodSeconds: 15 },
  };
  const target = random.pick([{ sessionsPerPod: 50 }, { loadPercent: 60 }]);
  const headroom = random.pick([{ percent: 20 }, { sessions: 30 }, { largestCallSessions: 40 }]);
  return {
    scaling: {
      mode: 'Auto',
      minPods: pods,
      maxPods: random.int(pods, nodes + 1),
      target,
      headroom,
      behavior,
    },
  };
}

interface Stage {
  readonly nodes: number;
  readonly operators: readonly string[];
}

const hourMs = 3_600_000;

/** Common deeds stand several times. */
function deedOf(random: Random, { nodes, operators }: Stage): Deed {
  const node = random.int(1, nodes);
  const forMs = random.int(20, 400) * 1_000;
  const operator = random.pick(operators);
  const deeds: readonly (() => Deed)[] = [
    () => ({ kind: 'scale', replicas: random.int(1, nodes + 1) }),
    () => ({ kind: 'scale', replicas: random.int(1, nodes) }),
    () => ({ kind: 'scale', replicas: random.int(1, nodes) }),
    () => ({ kind: 'image', tag: random.pick(['1.2.7', '1.3.0', 'broken', '0.16.0']) }),
    () => ({ kind: random.pick(['cordon', 'uncordon', 'drainNode', 'spot', 'deleteNode'] as const), node }),
    () => ({ kind: random.pick(['cordon', 'uncordon', 'drainNode'] as const), node }),
    () => ({ kind: random.pick(['powerOff', 'disconnect', 'silence'] as const), node, forMs }),
    () => ({ kind: 'readdress', node }),
    () => ({ kind: 'deletePod', node }),
    () => ({ kind: 'crash', operator, downMs: random.int(1, 60) * 1_000 }),
    () => ({ kind: 'crash', operator, downMs: random.int(1, 60) * 1_000 }),
    () => ({ kind: 'clockJump', operator, byMs: random.pick([-hourMs, hourMs]) }),
    () => ({ kind: 'weather', which: random.pick(weatherKinds), forMs }),
    () => ({ kind: 'weather', which: random.pick(weatherKinds), forMs }),
    () => ({ kind: 'compact' }),
    () => ({ kind: 'calls', count: random.int(2, 12), sessions: random.int(2, 25) }),
    () => ({ kind: 'calls', count: random.int(2, 12), sessions: random.int(2, 25) }),
    ...(random.chance(0.3) ? [(): Deed => ({ kind: 'deleteCluster' })] : []),
  ];
  return random.pick(deeds)();
}
