/** Waiting that explains itself: the condition returns what is still missing, and a time-out says so. */

/** Options of `eventually`. */
export interface EventuallyOptions {
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Default 50. */
  readonly intervalMs?: number;
}

/**
 * Asks `missing` again and again until it returns undefined. A rejection counts
 * as "still missing" with its message. Rejects with the last answer on time-out.
 */
export async function eventually(
  missing: () => string | undefined | Promise<string | undefined>,
  options: EventuallyOptions = {},
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const last = await answerOf(missing);
    if (last === undefined) return;
    if (performance.now() > deadlineMs) throw new Error(`still missing after ${timeoutMs / 1000} s: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, options.intervalMs ?? 50));
  }
}

async function answerOf(
  missing: () => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await missing();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
