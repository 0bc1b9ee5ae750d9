/** The upstream binary, by mediasoup's own installer. Needs a way to GitHub. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runStep } from './steps.ts';

/** A download of 3 MB; a network that swallows packets must not hold up the build. */
const timeoutMs = 60_000;

/**
 * Puts the prebuilt worker at `dir/mediasoup-worker`. Rejects with the
 * installer's words when there is none for this machine or it cannot be reached.
 */
export async function downloadWorker(mediasoupDir: string, dir: string): Promise<void> {
  await runStep([process.execPath, 'npm-scripts.mjs', 'postinstall'], {
    cwd: mediasoupDir,
    logFile: join(dir, 'download.log'),
    // Without Python the installer cannot turn to its own build, which downloads far more.
    env: { MEDIASOUP_WORKER_BIN: '', PYTHON: 'false' },
    timeoutMs,
  });
  await copyFile(join(mediasoupDir, 'worker/out/Release/mediasoup-worker'), join(dir, 'mediasoup-worker'));
}
