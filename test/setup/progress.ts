/** Progress lines with elapsed time: `[  12.3s] media worker: building`. */

/** Says one line. */
export type Say = (line: string) => void;

/** A clock for progress lines that starts now, or goes on from one that has run for `agoMs`. */
export function startProgress(
  write: (text: string) => void = (text) => void process.stdout.write(text),
  agoMs = 0,
): Say {
  const startedMs = performance.now() - agoMs;
  return (line) => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
    write(`[${seconds}s] ${line}\n`);
  };
}
