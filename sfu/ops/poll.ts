/** Work that is done again and again, one at a time, until it is stopped. */

/**
 * Runs `work` every `intervalMs`, the first time after one interval; a run that
 * takes longer delays the next, one that fails is told to `onError` and done
 * again. Keeps no process alive. Returns what stops it.
 */
export function poll(
  work: () => Promise<void>,
  intervalMs: number,
  onError: (error: unknown) => void,
): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    plan();
  };
  const plan = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => void run(), intervalMs).unref();
  };
  plan();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
