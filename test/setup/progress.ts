/** Progress lines with elapsed time: `[  12.3s] media worker: building`. */

/** Says one line. */
export type Say = (line: string) => void;

/** A clock for progress lines that starts now. */
export function startProgress(
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Say {
  const startedMs = performance.now();
  return (line) => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
    write(`[${seconds}s] ${line}\n`);
  };
}
