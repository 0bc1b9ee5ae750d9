/** `spec.scaling.schedules` and `reservations`: what is known ahead. */
import { z } from 'zod';
import { label, mapList } from '../../shared.ts';
import { recurrence } from '../recurrence.ts';

/** Entries of one list at most; of both together, too. */
export const maxPlans = 64;

const schedule = z.object({
  name: label().describe('Named in status, events and messages.'),
  ...recurrence({
    begins:
      'When it begins: minute, hour, day of the month, month, day of the week. "0 8 * * 1-5" is every working day at eight.',
    lasts: 'How long it lasts, in seconds.',
  }),
  minPods: z.int().min(1).max(1000).describe('No fewer serving pods than this while it lasts.'),
  prewarm: z
    .boolean()
    .default(true)
    .describe(
      'True (default): pods are made ahead, by as long as they take to be in DNS, so that they are there when it begins.',
    ),
  scaleDown: z
    .enum(['Allow', 'Inhibit'])
    .default('Allow')
    .describe('Inhibit: nothing is scaled down while it lasts. Default Allow: down to minPods.'),
  priority: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe(
      'Of several at a time the one with the highest priority counts, and of those with the same the most pods. Default 0.',
    ),
});

const time = (): z.ZodString => z.string().meta({ format: 'date-time' });

const reservation = z.object({
  name: label().describe('Named in status, events and messages.'),
  start: time().describe('RFC 3339. Pods are made ahead, so that they are in DNS by then.'),
  end: time().describe('RFC 3339. After that the number falls as scaleDown allows.'),
  sessions: z
    .int()
    .min(1)
    .max(100_000)
    .describe(
      'People to have room for in all, at target.sessionsPerPod each pod. Reservations at the same time add up.',
    ),
});

/** See the file comment. */
export const schedules = mapList(schedule, 'name', maxPlans)
  .default([])
  .describe('Auto: times that return, with more pods from the start.');
/** See the file comment. */
export const reservations = mapList(reservation, 'name', maxPlans)
  .default([])
  .describe('Auto: single events, such as a town hall.');
