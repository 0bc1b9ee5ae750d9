/** What people have planned for the number of pods, as plain data; and what follows from it at one moment. Pure. */
import type { Span } from './clockTimes.ts';

/** A schedule, or a reservation when it has sessions. In milliseconds since the scenario began, or since the epoch. */
export interface Plan extends Span {
  readonly pods: number;
  /** Of a reservation: there is room for so many people, at `sessionsPerPod` each. */
  readonly sessions?: number;
  /** Nothing is scaled down while it counts. */
  readonly inhibits?: boolean;
  /** Of several schedules the one with the highest counts; of equal ones that with the most pods. */
  readonly priority?: number;
}

/** What is planned for one moment. */
export interface Floor {
  /** 0: nothing. */
  readonly pods: number;
  readonly inhibits: boolean;
}

/** As `docs/autoscaling.md` says; reservations at the same time add up, and schedules do not. */
export function floorAt(plans: readonly Plan[], nowMs: number, sessionsPerPod: number): Floor {
  const open = plans.filter(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);
  const [schedule] = open
    .filter(({ sessions }) => sessions === undefined)
    .toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || b.pods - a.pods);
  const sessions = open.reduce((sum, one) => sum + (one.sessions ?? 0), 0);
  return {
    pods: Math.max(schedule?.pods ?? 0, Math.ceil(sessions / sessionsPerPod)),
    inhibits: schedule?.inhibits === true,
  };
}
