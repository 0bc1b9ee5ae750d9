/** The client's half of the signalling lock (wire spec 4.3): ask, and on a refusal ask again. */
import { setTimeout as sleep } from 'node:timers/promises';

const retryMs = 50;
const timeoutMs = 5000;

/** One lock of one session. */
export interface SignallingLock {
  /** Resolves when the server granted the lock. Rejects after 5 s. */
  grab(): Promise<void>;
  /** The server's reply to the last request. */
  replied(isGranted: boolean): void;
}

/** `request` sends one Lock message. */
export function createSignallingLock(request: () => void): SignallingLock {
  let settle: ((isGranted: boolean) => void) | undefined;
  return {
    grab: async () => {
      const deadlineMs = performance.now() + timeoutMs;
      while (performance.now() < deadlineMs) {
        const reply = new Promise<boolean>((resolve) => (settle = resolve));
        request();
        if (await Promise.race([reply, sleep(timeoutMs, false, { ref: false })])) return;
        await sleep(retryMs);
      }
      throw new Error('the signalling lock was not granted within 5 s');
    },
    replied: (isGranted) => settle?.(isGranted),
  };
}
