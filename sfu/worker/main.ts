/**
 * `node sfu/worker/main.ts [--packages] [--arch ARCH] [DIR]`: obtains the media
 * worker and prints its path. `--packages` prints the Debian packages that a
 * build needs, `--arch arm64` builds for another machine than this one.
 * `MEDIASOUP_WORKER` chooses `build` (default), `prebuilt`, or `auto`, which
 * tries upstream's binary first.
 */
import { parseArgs } from 'node:util';

import { ensureWorker, type Source } from './ensure.ts';
import { targetFor } from './targets.ts';

function sourceOf(value: string | undefined): Source {
  if (value === undefined || value === 'build') return 'build';
  if (value === 'prebuilt' || value === 'auto') return value;
  throw new Error(`MEDIASOUP_WORKER is '${value}': it must be build, prebuilt or auto`);
}

const { values, positionals } = parseArgs({
  options: { packages: { type: 'boolean', default: false }, arch: { type: 'string', default: process.arch } },
  allowPositionals: true,
});
const [dir] = positionals;
if (values.packages) {
  process.stdout.write(`${targetFor(values.arch).packages.join(' ')}\n`);
} else {
  const binary = await ensureWorker({
    say: (line) => void process.stderr.write(`${line}\n`),
    source: sourceOf(process.env['MEDIASOUP_WORKER']),
    arch: values.arch,
    ...(dir === undefined ? {} : { dir }),
  });
  process.stdout.write(`${binary}\n`);
}
