/** `spec.scaling.schedules` and `reservations`: what is known ahead. It is Monday, 12:00 UTC, and a pod takes 200 s to be in DNS. */
import { nowMs } from '../../../support/pods.ts';
import type { Effect, Section, SpecPart } from '../entry.ts';
import { running } from '../situation.ts';
import { auto, decided, falling } from './scaling.ts';

const office = {
  ...{ name: 'office', cron: '0 11 * * *', timeZone: 'UTC' },
  ...{ durationSeconds: 7200, minPods: 3, prewarm: true, scaleDown: 'Allow', priority: 1 },
};
const quiet = { ...office, name: 'quiet', minPods: 2 };
const at = (afterMs: number): string => new Date(nowMs + afterMs).toISOString();
const townHall = { name: 'town-hall', start: at(-3_600_000), end: at(3_600_000), sessions: 300 };

/** One entry of a list, and the same with a change. */
function schedule(change: SpecPart, from: SpecPart = office): Effect {
  return {
    ...auto({ schedules: [{ ...from, ...change }] }, { schedules: [from] }),
    ...{ in: running(), oneWay: decided },
  };
}
function reservation(change: SpecPart): Effect {
  return {
    ...auto({ reservations: [{ ...townHall, ...change }] }, { reservations: [townHall] }),
    ...{ in: running(), oneWay: decided },
  };
}

/** See the file comment. */
export const plans: Section = {
  'scaling.schedules[].name': schedule({ name: 'hours' }),
  'scaling.schedules[].cron': schedule({ cron: '0 13 * * *' }),
  'scaling.schedules[].timeZone': schedule({ timeZone: 'Asia/Tokyo' }),
  'scaling.schedules[].durationSeconds': schedule({ durationSeconds: 600 }),
  'scaling.schedules[].minPods': schedule({ minPods: 4 }),
  'scaling.schedules[].prewarm': schedule({ prewarm: false }, { ...office, cron: '1 12 * * *' }),
  'scaling.schedules[].scaleDown': {
    ...schedule({ scaleDown: 'Inhibit' }, { ...office, minPods: 1 }),
    in: falling(600_000),
  },
  'scaling.schedules[].priority': {
    ...auto({ schedules: [office, { ...quiet, priority: 2 }] }, { schedules: [office, quiet] }),
    ...{ in: running(), oneWay: decided },
  },
  'scaling.reservations[].name': reservation({ name: 'all-hands' }),
  'scaling.reservations[].start': reservation({ start: at(1_800_000) }),
  'scaling.reservations[].end': reservation({ end: at(-1_800_000) }),
  'scaling.reservations[].sessions': reservation({ sessions: 500 }),
};
