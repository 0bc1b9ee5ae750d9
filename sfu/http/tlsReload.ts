/** Certificates that are renewed while the server runs: new connections get the new one, calls notice nothing. */
import type { Logger } from 'pino';
import { readTlsFiles, type TlsFiles, type TlsPaths } from '../config/tlsFiles.ts';
import { poll } from '../ops/poll.ts';

/** What a reload works with. */
export interface TlsReloadOptions {
  readonly paths: TlsPaths;
  /** What is served now. */
  readonly current: TlsFiles;
  /** Serves another pair from now on. */
  readonly serve: (files: TlsFiles) => void;
  readonly log: Logger;
  /** Default 2,000. */
  readonly intervalMs?: number;
}

/**
 * Reads the files again and again. A pair that cannot be used changes nothing,
 * and is told once it was seen twice: cert and key are rarely replaced at the
 * same moment. Returns what stops it.
 */
export function reloadTls(options: TlsReloadOptions): () => void {
  const { paths, serve, log, intervalMs = 2_000 } = options;
  let served = options.current.fingerprint;
  let problem = '';
  let isTold = false;
  const look = (): Promise<void> => {
    const files = readTlsFiles(paths);
    if (files.fingerprint !== served) {
      serve(files);
      served = files.fingerprint;
      log.info({ subject: files.subject, validTo: files.validTo }, 'Loaded certificate');
    }
    problem = '';
    return Promise.resolve();
  };
  const onError = (error: unknown): void => {
    const reason = (error as Error).message;
    if (reason === problem && !isTold)
      log.error({ reason }, 'Cannot load certificate, the one before is still served');
    isTold = reason === problem;
    problem = reason;
  };
  return poll(look, intervalMs, onError);
}
