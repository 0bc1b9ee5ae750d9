/** `POST /probe` to SFU pods. On connections of its own: a probe takes seconds, and polls must not wait behind it. */
import { request } from 'undici';
import { basic, type Endpoint, messageOf } from './client.ts';
import { createDispatchers } from './dispatchers.ts';
import { type ProbeAnswer, probeAnswerOf, unable } from './probeAnswer.ts';

/** Has one SFU call another, or itself. */
export interface ProbeClient {
  /** Never rejects. */
  probe(
    by: Endpoint,
    what: { readonly target: Endpoint; readonly addresses: readonly string[] },
  ): Promise<ProbeAnswer>;
  close(): Promise<void>;
}

/** Largest report taken: one line for each path. */
const maxBytes = 256 * 1024;

/** `timeoutMs`: of one probe, longer than the SFU gives itself. */
export function createProbeClient({ timeoutMs }: { readonly timeoutMs: number }): ProbeClient {
  const dispatchers = createDispatchers({
    ...{ timeoutMs, connections: 1, pipelining: 1, maxResponseSize: maxBytes },
    ...{ headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
  });
  return {
    async probe(by, { target, addresses }) {
      const body = JSON.stringify({ origin: target.origin, addresses, ...target.trust });
      try {
        const response = await request(`${by.origin}/probe`, {
          ...{ method: 'POST', body, dispatcher: dispatchers.of(by.trust) },
          headers: { authorization: basic(by.adminKey), 'content-type': 'application/json' },
          signal: AbortSignal.timeout(timeoutMs),
        });
        return probeAnswerOf(response.statusCode, await response.body.text());
      } catch (error) {
        return unable(`POST /probe: ${messageOf(error, timeoutMs)}`);
      }
    },
    close: () => dispatchers.close(),
  };
}
