/** A log file that starts afresh at 100 MB; the full one is kept compressed beside it, as rtcd does. */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Takes lines that end in a newline. Never throws: a full disk must not end a call. */
export interface LogFile {
  write(line: string): void;
}

const defaultMaxBytes = 100 * 1024 * 1024;

/** Opens for appending. Throws when that is not possible. */
export function openLogFile(path: string, maxBytes: number = defaultMaxBytes): LogFile {
  let fd = openSync(path, 'a', 0o600);
  let bytes = fstatSync(fd).size;
  const rotate = (): void => {
    const full = `${path}.${new Date().toISOString().replaceAll(':', '-')}`;
    renameSync(path, full);
    closeSync(fd);
    fd = openSync(path, 'a', 0o600);
    bytes = 0;
    void compress(full).catch(() => undefined); // Uncompressed is kept as well.
  };
  return {
    write(line) {
      try {
        if (bytes >= maxBytes) rotate();
        bytes += writeSync(fd, line);
      } catch {
        // The console still says it; there is nobody else to tell.
      }
    },
  };
}

async function compress(path: string): Promise<void> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`, { mode: 0o600 }));
  rmSync(path);
}
