/** The client's half of the signalling lock: ask; when refused, ask again after 50 ms, for 5 s (wire spec 2.8, 4.3). */

const retryMs = 50;
const timeoutMs = 5000;

/** `request` sends one Lock message; `replied` takes the server's answer to it. */
export function createLock(request) {
  let settle;
  return {
    replied: (isGranted) => settle?.(isGranted),
    grab: async () => {
      const deadlineMs = performance.now() + timeoutMs;
      while (performance.now() < deadlineMs) {
        const reply = new Promise((resolve) => {
          settle = resolve;
          setTimeout(resolve, timeoutMs, false);
        });
        request();
        if (await reply) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
      throw new Error('The signalling lock was not granted');
    },
  };
}
