/** The CEL rules of `spec.scaling`; those that look beyond it are among the rules of the whole spec. */
import type { CelRule } from '../../shared.ts';

/** Rules over `spec.scaling`. */
export const scalingRules: readonly CelRule[] = [
  {
    rule: 'self.minPods <= self.maxPods',
    message: 'scaling.minPods must not be above scaling.maxPods: raise maxPods, or lower minPods',
  },
  {
    rule: "self.mode == 'Auto' || (self.schedules.size() == 0 && self.reservations.size() == 0)",
    message:
      'scaling.schedules and scaling.reservations need scaling.mode Auto: remove them, or set scaling.mode: Auto',
  },
  {
    rule: 'self.schedules.size() + self.reservations.size() <= 64',
    message: 'scaling.schedules and scaling.reservations are at most 64 together: remove those that are over',
  },
  {
    rule: 'self.schedules.all(one, one.minPods <= self.maxPods)',
    message: 'scaling.schedules.minPods must not be above scaling.maxPods: raise maxPods',
  },
  {
    rule: "self.schedules.all(one, one.timeZone != 'Local' && timestamp('2026-01-01T00:00:00Z').getHours(one.timeZone) >= 0)",
    message: 'scaling.schedules.timeZone must be an IANA time zone, such as Europe/Zurich',
  },
  {
    rule: 'self.reservations.all(one, one.start < one.end)',
    message: 'scaling.reservations.end must be after start: exchange them, or correct the year',
  },
  {
    rule: 'has(self.target.sessionsPerPod) || (self.headroom.sessions == 0 && self.headroom.largestCallSessions == 0 && self.reservations.size() == 0)',
    message:
      'scaling.headroom.sessions, scaling.headroom.largestCallSessions and scaling.reservations need scaling.target.sessionsPerPod: set it to the people that one pod is to carry',
  },
  {
    rule: '!has(self.target.sessionsPerPod) || self.headroom.largestCallSessions <= self.target.sessionsPerPod',
    message:
      'scaling.headroom.largestCallSessions must not be above scaling.target.sessionsPerPod, since a call cannot be spread over pods: raise engine.workers and target.sessionsPerPod',
  },
  {
    rule: 'has(self.target.sessionsPerPod) || has(self.target.loadPercent) || has(self.target.cpuPercent) || has(self.target.egressMbitPerPod)',
    message: 'scaling.target needs at least one entry: set target.loadPercent: 70, or leave target out',
  },
];
