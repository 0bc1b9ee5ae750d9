/** Work that is done again and again, one at a time, until it is stopped. */

/**
 * Runs `work` every `intervalMs`, the first time after one interval; a run that
 * takes longer delays the next. Keeps no process alive. Returns what stops it.
 */
export function poll(work: () => Promise<void>, intervalMs: number): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => void work().finally(plan), intervalMs).unref();
  };
  plan();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
