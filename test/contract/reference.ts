/**
 * The real rtcd 1.2.6 as a program (reference/), built once from Go modules into
 * the cache. Used by tests only: its source is under the AGPL.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { buildCached, cached, stampOf } from '../setup/cache.ts';
import type { Say } from '../setup/progress.ts';
import { run } from '../setup/run.ts';

/** The version that is built and that it reports. The same as in reference/go.mod. */
export const rtcdVersion = 'v1.2.6';

const sources = join(import.meta.dirname, 'reference');
const folder = 'rtcd-reference';
const sourceFiles = ['go.mod', 'go.sum', 'main.go', 'serve.go', 'client.go'];

/** Whether it has to be built before a scenario can run against it. */
export function mustBuildReference(): boolean {
  return !existsSync(join(cached(folder), 'reference'));
}

/** Builds it unless it is there and up to date: about two minutes on 2 cores the first time. Returns its path. */
export async function ensureReference(say: Say): Promise<string> {
  const stamp = await stampOf({
    texts: [rtcdVersion],
    files: sourceFiles.map((name) => join(sources, name)),
  });
  const { dir } = await buildCached(folder, stamp, async (out) => {
    say(`rtcd ${rtcdVersion}: building from Go modules (about 2 minutes the first time)`);
    const version = `-X github.com/mattermost/rtcd/service.buildVersion=${rtcdVersion}`;
    await run('nice', ['go', 'build', '-ldflags', `-s -w ${version}`, '-o', join(out, 'reference'), '.'], {
      cwd: sources,
      // The forks that rtcd replaces two modules by are in no checksum database; go.sum has their hashes.
      env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GONOSUMDB: 'github.com/bgardner8008/*' },
    });
    say(`rtcd ${rtcdVersion}: built`);
  });
  return join(dir, 'reference');
}
