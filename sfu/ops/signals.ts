/** SIGTERM and SIGINT: drain first, end when the last session has; a second one ends at once. */
import type { Logger } from 'pino';
import { awaitEmpty, type Drain } from './drain.ts';

/** What the ending looks at. */
export interface EndOptions {
  readonly drain: Drain;
  readonly sessions: () => number;
  /** 0 = wait as long as it takes. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** Resolves when the process may end, with the reason. */
export function endOnSignals(options: EndOptions): Promise<'empty' | 'timeout' | 'aborted'> {
  const { drain, sessions, timeoutMs, log } = options;
  const abort = new AbortController();
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (drain.state === 'terminating') {
        log.warn({ signal, sessions: sessions() }, 'Ending at once');
        abort.abort();
        return;
      }
      log.info({ signal, sessions: sessions() }, 'Draining before the end');
      drain.terminate();
      void awaitEmpty({ sessions, timeoutMs, signal: abort.signal }).then(resolve);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
