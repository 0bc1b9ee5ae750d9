/** Pure: the number of pods follows the demand and what was planned for the time of day, or only says that it would. */
import type { Random } from '../random.ts';
import { autoOf, type Scenario } from '../scenario.ts';
import { startMs } from '../time.ts';
import { recurrenceOf, spanIn } from './clockTimes.ts';
import type { Kind } from './kind.ts';
import type { Plan } from './plan.ts';

/** What one pod is to carry in these scenarios: reservations need it. */
const sessionsPerPod = 50;

/** See the file comment. An operator whose clock is wrong is another matter, and is not played. */
export const plans: Kind = (scenario, random) => {
  const pods = random.int(1, scenario.nodes);
  const { scaling } = autoOf(random, { pods, nodes: scenario.nodes });
  const schedules = Array.from({ length: random.int(0, 2) }, () =>
    scheduleOf(scenario, scaling.maxPods, random),
  );
  const reservations = random.chance(0.5) ? [reservationOf(scenario, scaling.maxPods, random)] : [];
  return {
    ...{ ...scenario, plans: [...schedules, ...reservations] },
    events: scenario.events.filter(({ kind }) => kind !== 'clockJump'),
    spec: {
      ...{ ...withoutNumber(scenario.spec), discovery: { minPublished: random.int(1, pods) } },
      scaling: {
        ...{ ...scaling, target: { sessionsPerPod }, dryRun: random.chance(0.3) },
        schedules: schedules.map((plan, index) => ({ name: `s${index}`, ...writtenSchedule(plan, random) })),
        reservations: reservations.map((plan, index) => ({ name: `r${index}`, ...writtenReservation(plan) })),
      },
    },
  };
};

function withoutNumber(spec: Scenario['spec']): Scenario['spec'] {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => field !== 'replicas'));
}

function scheduleOf(scenario: Scenario, most: number, random: Random): Plan {
  return {
    ...{ ...spanIn(scenario, random), pods: random.int(1, most) },
    ...{ inhibits: random.chance(0.5), priority: random.int(0, 2) },
  };
}

function reservationOf(scenario: Scenario, most: number, random: Random): Plan {
  return { ...spanIn(scenario, random), pods: 0, sessions: random.int(20, most * sessionsPerPod) };
}

function writtenSchedule(plan: Plan, random: Random): object {
  return {
    ...{ ...recurrenceOf(plan, random), minPods: plan.pods, priority: plan.priority },
    ...{ prewarm: random.chance(0.5), scaleDown: plan.inhibits === true ? 'Inhibit' : 'Allow' },
  };
}

function writtenReservation({ fromMs, toMs, sessions }: Plan): object {
  const at = (ms: number): string => new Date(startMs + ms).toISOString();
  return { start: at(fromMs), end: at(toMs), sessions };
}
