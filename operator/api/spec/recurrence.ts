/** Times that return: what `scaling.schedules` and `update.windows` have in common. */
import { z } from 'zod';

interface Recurrence {
  readonly cron: z.ZodString;
  readonly timeZone: z.ZodDefault<z.ZodString>;
  readonly durationSeconds: z.ZodNumber;
}

/** `begins` and `lasts` say what a cron expression and a duration mean to the one who uses them. */
export const recurrence = (says: { readonly begins: string; readonly lasts: string }): Recurrence => ({
  cron: z
    .string()
    .max(100)
    .regex(/^\S+( +\S+){4}$/)
    .describe(says.begins),
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .default('UTC')
    .describe('The IANA time zone that cron is read in, such as Europe/Zurich. Default UTC.'),
  durationSeconds: z.int().min(60).max(604_800).describe(says.lasts),
});
