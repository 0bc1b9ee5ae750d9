/** Whether a TURN server takes a secret: known by a real allocation, which is given back at once. */
import { restCredential } from './credential.ts';
import { TurnClient, TurnError } from './client.ts';
import type { ServerAddress } from './transport.ts';

/** What is tried where. */
export interface Trial {
  readonly server: ServerAddress;
  readonly secret: string;
  /** Default `rtc-operator`: quotas count by it. */
  readonly user?: string;
  /** How long the credential is good. Default 60. */
  readonly ttlSeconds?: number;
  /** Of each request. Default 5,000. */
  readonly timeoutMs?: number;
  /** Unix milliseconds. Default: now. */
  readonly nowMs?: number;
}

/** `code`: that of the refusal, undefined when nobody answered. 401: not this secret. 403: draining. */
export type TrialResult =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly code?: number };

/**
 * Never rejects. The reason names no secret. A server that is full (486) takes the secret, too: it looks at the credential
 * first, and a rotation must not wait for somebody to hang up.
 */
export async function tryAllocation(trial: Trial): Promise<TrialResult> {
  const { server, secret, user = 'rtc-operator', ttlSeconds = 60, timeoutMs, nowMs = Date.now() } = trial;
  const credential = restCredential(secret, { user, ttlSeconds, nowMs });
  try {
    const client = await TurnClient.open({
      server,
      credential,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    try {
      await client.allocate();
      await client.refresh(0);
      return { ok: true };
    } finally {
      client.close();
    }
  } catch (error) {
    return refusal(error);
  }
}

/** RFC 8656 §19. */
const quotaReached = 486;

function refusal(error: unknown): TrialResult {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof TurnError ? error.code : undefined;
  if (code === quotaReached) return { ok: true };
  return { ok: false, reason, ...(code !== undefined && { code }) };
}
