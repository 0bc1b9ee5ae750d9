/** One setting: its schema, and what people and programs should know about it. */
import * as z from 'zod';

/** What a setting is called outside, and what people should know about it. */
export interface Setting {
  /** The environment variable, which wins over the file. */
  readonly env: string;
  readonly doc: string;
  /** Never printed. */
  readonly isSecret?: true;
  /** Accepted because rtcd has it; the reason why nothing follows from it here. */
  readonly unused?: string;
}

/** Name, text and marks of each leaf of `configSchema`. */
export const settings = z.registry<Setting>();

/** Adds its marks to a schema. */
export const setting = <S extends z.ZodType>(schema: S, about: Setting): S => {
  settings.add(schema, about);
  return schema;
};

/** A text with a default. */
export const text = (preset: string, about: Setting): z.ZodDefault<z.ZodString> =>
  setting(z.string().default(preset), about);
/** True or false with a default. */
export const flag = (preset: boolean, about: Setting): z.ZodDefault<z.ZodBoolean> =>
  setting(z.boolean().default(preset), about);
/** A whole number with a default and its bounds. */
export const count = (
  preset: number,
  limits: readonly [number, number],
  about: Setting,
): z.ZodDefault<z.ZodInt> => setting(z.int().min(limits[0]).max(limits[1]).default(preset), about);

/** Largest number of a setting: what Go and C hold in 32 bits. */
export const maxInt = 2_147_483_647;

const levels = z.enum(['panic', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']);

/** Least level of a log, in rtcd's words. */
export const level = (preset: z.infer<typeof levels>, about: Setting): z.ZodDefault<typeof levels> =>
  setting(levels.default(preset), about);
