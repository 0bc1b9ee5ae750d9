/** What an SFU pod answers, read with suspicion, and what follows from it for the facts about the pod. */
import { z } from 'zod';
import type { Facts } from '../fleet/pod.ts';

/** `GET /stats`, as far as we use it. */
const statsSchema = z.object({
  sessions: z.int().min(0),
  load: z.number().min(0).catch(0),
  draining: z.boolean(),
});

/** `GET /version`, as far as we use it. */
const versionSchema = z.object({ buildVersion: z.string().max(128) });

/** `GET` and `POST /drain`. */
const drainSchema = z.object({ draining: z.boolean() });

/** One look at a pod. */
export type Answer =
  | {
      readonly answered: true;
      readonly version: string;
      readonly sessions: number;
      readonly load: number;
      readonly isDraining: boolean;
    }
  | { readonly answered: false; readonly message: string };

/** Both bodies → answer. Throws with the name of the field that is wrong. */
export function answerOf(versionBody: string, statsBody: string): Answer {
  const { sessions, load, draining } = parsed(statsSchema, statsBody, '/stats');
  return { answered: true, version: versionIn(versionBody), sessions, load, isDraining: draining };
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
  if (!answer.answered) return answer;
  if (answer.sessions > 0) return answer;
  const sinceMs = before?.answered === true ? before.sessionlessSinceMs : undefined;
  return { ...answer, sessionlessSinceMs: sinceMs ?? nowMs };
}

/** Whether a reconcile could decide otherwise now. Load alone cannot: it only ranks victims. */
export function isNews(before: Facts | undefined, after: Facts): boolean {
  if (before === undefined) return true;
  return JSON.stringify(withoutLoad(before)) !== JSON.stringify(withoutLoad(after));
}

function withoutLoad(facts: Facts): Facts {
  return facts.answered ? { ...facts, load: 0 } : facts;
}
