/** What the agent of a TURN pod answers, read with suspicion. PURE. */
import { z } from 'zod';
import type { Trial } from '../../turn/facts.ts';
import type { Answer } from '../answer.ts';

const hash = z.string().max(64);

/** Characters of a problem that are told on: its begin says what it is. */
const longestProblem = 512;

/** `GET /status`, as far as we use it. */
const statusSchema = z.object({
  version: z.string().max(64).nullish().catch(''),
  draining: z.boolean(),
  ended: z.boolean().catch(false),
  allocations: z.int().min(0).nullable().catch(null),
  secrets: z.array(hash).max(16),
  peersDigest: z.string().max(64),
  certificate: z
    .object({ fingerprint: z.string().max(256), notAfter: z.string().max(64) })
    .nullish()
    .catch(null),
  problem: z
    .string()
    .transform((text) => (text.length <= longestProblem ? text : `${text.slice(0, longestProblem)}…`))
    .optional()
    .catch(undefined),
});

/** See `statusSchema`. */
export type AgentStatus = z.infer<typeof statusSchema>;

/** Throws with the name of the field that is wrong. */
export function statusIn(body: string): AgentStatus {
  const result = statusSchema.safeParse(JSON.parse(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(`/status answered nonsense: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** Without an exporter nobody can tell how many allocations there are, but that there are none after its end. */
export function turnAnswer(status: AgentStatus, trials: Readonly<Record<string, Trial>>): Answer {
  const { version, draining, ended, secrets, peersDigest, certificate, problem } = status;
  const allocations = ended ? 0 : status.allocations;
  return {
    ...{ answered: true, version: version ?? '', load: 0, isDraining: draining || ended },
    ...(allocations !== null && { sessions: allocations }),
    turn: {
      ...{ secrets, peersDigest, trials },
      certificate: certificate ?? null,
      ...(problem !== undefined && { problem }),
    },
  };
}
