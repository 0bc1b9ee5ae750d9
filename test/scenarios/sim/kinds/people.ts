/** Pure: people who ask for single pods to be drained or cordoned, change their minds, and move deadlines. */
import type { Random } from '../random.ts';
import type { Event, Scenario } from '../scenario.ts';
import { momentIn, withEvents, type Kind } from './kind.ts';

const overrides = [
  [],
  [{ reason: 'Requested', policy: 'ForceAfter', timeoutSeconds: 180 }],
  [{ reason: 'ScaleDown', policy: 'ForceAfter', timeoutSeconds: 240 }],
] as const;

/** See the file comment. */
export const people: Kind = (scenario, random) => {
  const events = Array.from({ length: random.int(2, 6) }, () => deedsOf(scenario, random)).flat();
  const drain = scenario.spec['drain'] as { readonly overrides: readonly object[] };
  const spec = {
    ...scenario.spec,
    drain: { ...drain, overrides: [...drain.overrides, ...random.pick(overrides)] },
  };
  return withEvents({ ...scenario, spec }, events);
};

function deedsOf(scenario: Scenario, random: Random): readonly Event[] {
  const node = random.int(1, scenario.nodes);
  const atMs = momentIn(scenario, random);
  if (random.chance(0.15)) return [{ kind: 'endDrain', node, atMs }];
  if (random.chance(0.2)) return [{ kind: 'moveDeadline', node, atMs, ...deadlineOf(random) }];
  const state = random.pick([
    'Cordoned',
    'Cordoned',
    'Draining',
    'Draining',
    'Draining',
    'Sleeping',
  ] as const);
  const asked: Event = { kind: 'request', node, atMs, state };
  const moved: Event = { kind: 'moveDeadline', node, atMs: atMs + 20_000, ...deadlineOf(random) };
  const takenBack: Event = { kind: 'request', node, atMs: atMs + random.int(10, 300) * 1_000 };
  return [
    asked,
    ...(state === 'Draining' && random.chance(0.3) ? [moved] : []),
    ...(random.chance(0.6) ? [takenBack] : []),
  ];
}

function deadlineOf(random: Random): { readonly inMs?: number } {
  return random.chance(0.3) ? {} : { inMs: random.int(30, 400) * 1_000 };
}
