/** What was said beforehand: the least number of pods by minPods, schedules and reservations. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import { nextOccurrence, occurrenceAt, recurrenceProblem } from '../calendar.ts';

type ScalingSpec = RtcCluster['spec']['scaling'];
type Schedule = ScalingSpec['schedules'][number];
type Reservation = ScalingSpec['reservations'][number];

/** Where a floor comes from. */
export type FloorCause = 'minPods' | 'schedule' | 'reservation';

/** See the file comment. */
export interface Floor {
  readonly pods: number;
  readonly cause: FloorCause;
  /** The schedule or reservation; absent with minPods. */
  readonly plan?: string;
  /** The schedule that lets nothing be scaled down now. */
  readonly inhibitedBy?: string;
}

/** The moment, and how long before their time pods have to be made. */
export interface Moment {
  readonly nowMs: number;
  readonly leadMs: number;
}

/** The highest of the three. */
export function floorOf(spec: ScalingSpec, moment: Moment): Floor {
  const { nowMs, leadMs } = moment;
  const active = scheduleAt(spec.schedules, nowMs);
  const next = scheduleAt(spec.schedules, nowMs + leadMs);
  const reserved = reservedPods(spec, moment);
  const inhibited = active?.scaleDown === 'Inhibit' ? { inhibitedBy: active.name } : {};
  const floors: Floor[] = [
    { pods: spec.minPods, cause: 'minPods' },
    ...(active === undefined ? [] : [heldBy(active)]),
    ...(next?.prewarm === true ? [heldBy(next)] : []),
    ...(reserved === undefined ? [] : [{ ...reserved, cause: 'reservation' as const }]),
  ];
  const highest = floors.reduce((best, floor) => (floor.pods > best.pods ? floor : best));
  return { ...highest, ...inhibited };
}

function heldBy({ minPods, name }: Schedule): Floor {
  return { pods: minPods, cause: 'schedule', plan: name };
}

/** The one that counts at that time. */
function scheduleAt(schedules: readonly Schedule[], atMs: number): Schedule | undefined {
  const [first] = schedules
    .filter((schedule) => occurrenceAt(schedule, atMs) !== undefined)
    .toSorted((a, b) => b.priority - a.priority || b.minPods - a.minPods);
  return first;
}

function reservedPods(
  { reservations, target }: ScalingSpec,
  { nowMs, leadMs }: Moment,
): { readonly pods: number; readonly plan: string } | undefined {
  const active = reservations.filter((one) => startMs(one) - leadMs <= nowMs && nowMs < Date.parse(one.end));
  if (active.length === 0 || target.sessionsPerPod === undefined) return undefined;
  const sessions = active.reduce((sum, one) => sum + one.sessions, 0);
  return {
    pods: Math.ceil(sessions / target.sessionsPerPod),
    plan: active.map(({ name }) => name).join(', '),
  };
}

function startMs({ start }: Reservation): number {
  return Date.parse(start);
}

/** What comes next of all that is planned. */
export interface Planned {
  readonly timeMs: number;
  readonly minPods: number;
  readonly name: string;
}

/** Undefined when nothing is planned. */
export function nextPlanned(
  { schedules, reservations, target }: ScalingSpec,
  nowMs: number,
): Planned | undefined {
  const { sessionsPerPod } = target;
  const [first] = [
    ...schedules.flatMap((schedule) => {
      const next = nextOccurrence(schedule, nowMs);
      return next === undefined
        ? []
        : [{ timeMs: next.startMs, minPods: schedule.minPods, name: schedule.name }];
    }),
    ...reservations
      .filter((one) => startMs(one) > nowMs && sessionsPerPod !== undefined)
      .map((one) => ({
        timeMs: startMs(one),
        minPods: Math.ceil(one.sessions / (sessionsPerPod ?? one.sessions)),
        name: one.name,
      })),
  ].toSorted((a, b) => a.timeMs - b.timeMs);
  return first;
}

/** Schedules that cannot be read, each with the fix. */
export function planProblems({ schedules }: ScalingSpec): string[] {
  return schedules.flatMap((schedule) => {
    const problem = recurrenceProblem(schedule);
    return problem === undefined ? [] : [`scaling.schedules[${schedule.name}]: ${problem}`];
  });
}
