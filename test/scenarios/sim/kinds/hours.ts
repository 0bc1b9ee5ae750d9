/** Pure: pods may be replaced within windows only, or by nobody but people. */
import type { Random } from '../random.ts';
import type { Event, Scenario } from '../scenario.ts';
import { recurrenceOf, spanIn } from './clockTimes.ts';
import { momentIn, withEvents, type Kind } from './kind.ts';

/** See the file comment. An operator whose clock is wrong is another matter, and is not played. */
export const hours: Kind = (scenario, random) => {
  const update = scenario.spec['update'] as object;
  const images = Array.from({ length: random.int(1, 2) }, (): Event => {
    return { kind: 'image', tag: random.pick(['1.2.7', '1.3.0']), atMs: momentIn(scenario, random) };
  });
  const events = scenario.events.filter(({ kind }) => kind !== 'clockJump');
  const rules = rulesOf(scenario, random);
  const spec = { ...scenario.spec, update: { ...update, ...rules.update } };
  return withEvents({ ...scenario, spec, events, ...(rules.hours && { hours: rules.hours }) }, images);
};

interface Rules {
  readonly update: object;
  readonly hours?: Scenario['hours'];
}

function rulesOf(scenario: Scenario, random: Random): Rules {
  if (random.chance(0.2)) return { update: { strategy: 'OnDelete', maxSurge: 0, maxUnavailable: 1 } };
  if (random.chance(0.1)) return { update: { paused: true } };
  const spans = Array.from({ length: random.int(1, 3) }, () => spanIn(scenario, random));
  const windows = spans.map((span, index) => ({ name: `w${index}`, ...recurrenceOf(span, random) }));
  return { update: { windows }, hours: spans };
}
