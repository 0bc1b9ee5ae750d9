/** What an SFU pod answers, read with suspicion, and what follows from it for the facts about the pod. */
import { z } from 'zod';
import type { Facts } from '../fleet/pod.ts';
import type { LastAnswer, Measures } from '../fleet/scale/measures.ts';
import { kernelSchema, kernelSettings } from './kernel.ts';

/** `GET /stats`, as far as we use it. */
const statsSchema = z.object({
  calls: z.int().min(0).optional().catch(undefined),
  sessions: z.int().min(0),
  sending: z
    .object({ tracks: z.int().min(0), lastMuteMs: z.number().nullable() })
    .optional()
    .catch(undefined),
  load: z.number().min(0).catch(0),
  draining: z.boolean(),
  demand: z
    .object({
      sessions: z.number(),
      audioIn: z.number(),
      videoIn: z.number(),
      audioOut: z.number(),
      videoOut: z.number(),
    })
    .optional()
    .catch(undefined),
  capacity: z.object({ cores: z.number().positive() }).optional().catch(undefined),
  publicAddresses: z
    .array(z.object({ address: z.string().max(64) }))
    .max(64)
    .nullable()
    .default(null),
  node: kernelSchema.optional(),
  mediaPaths: z
    .object({ opened: z.int().min(0), failed: z.int().min(0) })
    .optional()
    .catch(undefined),
  egressBitsPerSecond: z.number().min(0).optional().catch(undefined),
});

/** `GET /version`, as far as we use it. */
const versionSchema = z.object({ buildVersion: z.string().max(128) });

/** `GET` and `POST /drain`. */
const drainSchema = z.object({ draining: z.boolean() });

/** One look at a pod: the facts, but for what only time can tell. */
export type Answer =
  | (Omit<Extract<Facts, { answered: true }>, 'sessionlessSinceMs' | 'quiet' | 'measures' | 'probe'> & {
      /** Nobody in any call can be heard or seen; the value is another one when somebody could be meanwhile. */
      readonly quiet?: number;
      readonly measures?: Omit<Measures, 'atMs'>;
    })
  | { readonly answered: false; readonly message: string };

/** Both bodies → answer. Throws with the name of the field that is wrong. */
export function answerOf(versionBody: string, statsBody: string): Answer {
  const stats = parsed(statsSchema, statsBody, '/stats');
  const { sessions, load, draining, publicAddresses, node } = stats;
  const version = versionIn(versionBody);
  return {
    ...{ answered: true, version, sessions, load, isDraining: draining, measures: measuresIn(stats) },
    ...(publicAddresses && { stunAddress: publicAddresses[0]?.address ?? '' }),
    ...(node && { kernel: kernelSettings(node) }),
    ...callsIn(stats),
  };
}

/** How many calls there are, and whether it is quiet in all of them. */
function callsIn({ calls, sessions, sending }: z.infer<typeof statsSchema>): {
  calls?: number;
  quiet?: number;
} {
  const isQuiet = sessions > 0 && sending?.tracks === 0;
  return {
    ...(calls !== undefined && { calls }),
    ...(isQuiet && { quiet: sending.lastMuteMs ?? 0 }),
  };
}

function measuresIn(stats: z.infer<typeof statsSchema>): Omit<Measures, 'atMs'> {
  const { capacity, demand, egressBitsPerSecond, mediaPaths } = stats;
  return {
    ...(capacity && { cores: capacity.cores }),
    ...(demand && { counts: demand }),
    ...(mediaPaths && { paths: mediaPaths }),
    ...(egressBitsPerSecond !== undefined && { egressMbit: egressBitsPerSecond / 1e6 }),
  };
}

/** The body of `/version` → what it reports. Throws like `answerOf`. */
export function versionIn(body: string): string {
  return parsed(versionSchema, body, '/version').buildVersion;
}

/** The body of `/drain` → whether the pod drains now. Throws like `answerOf`. */
export function drainingOf(body: string): boolean {
  return parsed(drainSchema, body, '/drain').draining;
}

function parsed<T>(schema: z.ZodType<T>, body: string, path: string): T {
  const result = schema.safeParse(json(body, path));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(`${path} answered nonsense: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function json(body: string, path: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new TypeError(`${path} answered nonsense: no JSON`, { cause });
  }
}

/** The facts after one more answer. A silence in between makes the wait for "no sessions" start anew. */
export function factsAfter(before: Facts | undefined, answer: Answer, nowMs: number): Facts {
  if (!answer.answered) return silentAfter(before, answer.message);
  const { quiet, ...rest } = answer;
  const facts = {
    ...rest,
    ...quietAfter(before, quiet, nowMs),
    measures: { ...answer.measures, atMs: nowMs },
  };
  if (answer.sessions !== 0) return facts;
  const sinceMs = before?.answered === true ? before.sessionlessSinceMs : undefined;
  return { ...facts, sessionlessSinceMs: sinceMs ?? nowMs };
}

type Quiet = Pick<Facts & { answered: true }, 'quiet'>;

/** By our own clock, from the first answer that said so. */
function quietAfter(before: Facts | undefined, mark: number | undefined, nowMs: number): Quiet {
  if (mark === undefined) return {};
  const known = before?.answered === true ? before.quiet : undefined;
  return { quiet: known?.mark === mark ? known : { mark, sinceMs: nowMs } };
}

function silentAfter(before: Facts | undefined, message: string): Facts {
  const last = before?.answered === true ? lastOf(before) : before?.last;
  return { answered: false, message, ...(last && { last }) };
}

function lastOf({ sessions, load, measures }: Facts & { answered: true }): LastAnswer | undefined {
  return measures && sessions !== undefined ? { sessions, load, measures } : undefined;
}

/** Whether a reconcile could decide otherwise now. Load and the like cannot: they are looked at in their own time. */
export function isNews(before: Facts | undefined, after: Facts): boolean {
  if (before === undefined) return true;
  return JSON.stringify(withoutMeasures(before)) !== JSON.stringify(withoutMeasures(after));
}

function withoutMeasures(facts: Facts): object {
  if (!facts.answered) return { message: facts.message };
  const { version, sessions, isDraining, sessionlessSinceMs, quiet, stunAddress, kernel, turn } = facts;
  return { version, sessions, isDraining, sessionlessSinceMs, quiet, stunAddress, kernel, turn };
}
