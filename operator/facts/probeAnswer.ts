/** What an SFU answers to `POST /probe`, read with suspicion, and what follows from it. PURE. */
import { z } from 'zod';
import type { ProbeResult } from '../fleet/probeFacts.ts';
import type { Turn } from './probeTurns.ts';

/** As far as we use it. */
const reportSchema = z.object({
  ok: z.boolean(),
  joinMs: z.number().min(0).optional(),
  lossPercent: z.number().min(0).max(100).optional(),
  message: z.string(),
  paths: z.array(z.unknown()),
});

/** One try. Busy: the pod calls for somebody else just now. */
export type ProbeAnswer = Pick<ProbeResult, 'message' | 'joinMs' | 'lossPercent'> & {
  readonly outcome: ProbeResult['outcome'] | 'Busy';
};

/** A message ends up in a condition. */
const longest = 600;

/** Status and body → answer. */
export function probeAnswerOf(status: number, body: string): ProbeAnswer {
  if (status === 409) return { outcome: 'Busy', message: 'it calls for another pod' };
  if (status === 404) return unable('its SFU is too old for probe calls: use a newer engine.image');
  if (status !== 200) return unable(`POST /probe answered ${status} ${body.trim()}`);
  const report = reportSchema.safeParse(json(body));
  if (!report.success) return unable('POST /probe answered nonsense');
  const { ok, message, paths, joinMs, lossPercent } = report.data;
  if (paths.length === 0) return unable(message);
  return {
    outcome: ok ? 'Passed' : 'Failed',
    message: shortened(message),
    ...(joinMs !== undefined && { joinMs }),
    ...(lossPercent !== undefined && { lossPercent }),
  };
}

/** Nothing is known about the media of the pod. */
export function unable(message: string): ProbeAnswer {
  return { outcome: 'Unable', message: shortened(message) };
}

/** What an answer is about. */
export interface ProbeContext {
  readonly turn: Pick<Turn, 'addresses'>;
  /** Node of the caller; undefined: the pod itself. */
  readonly from: string | undefined;
  readonly atMs: number;
}

/** The result after one more answer. Who cannot ask does not make a failure good. */
export function resultAfter(
  last: ProbeResult | undefined,
  { outcome, ...answer }: ProbeAnswer & { readonly outcome: ProbeResult['outcome'] },
  { turn, from, atMs }: ProbeContext,
): ProbeResult {
  const addresses = turn.addresses.join(',');
  const before = last?.addresses === addresses ? last : undefined;
  const failures = before?.failures ?? 0;
  if (before !== undefined && outcome === 'Unable' && failures > 0) return { ...before, atMs };
  return {
    ...{ outcome, ...answer, atMs, addresses },
    failures: outcome === 'Failed' ? failures + 1 : 0,
    ...(from !== undefined && { fromNode: from }),
  };
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
