/**
 * `node sfu/worker/main.ts [--packages] [DIR]`: obtains the media worker and
 * prints its path. `--packages` prints the Debian packages that a build needs.
 * `MEDIASOUP_WORKER` chooses `build` (default), `prebuilt`, or `auto`, which
 * tries upstream's binary first.
 */
import { ensureWorker, type Source } from './ensure.ts';
import { buildPackages } from './packages.ts';

function sourceOf(value: string | undefined): Source {
  if (value === undefined || value === 'build') return 'build';
  if (value === 'prebuilt' || value === 'auto') return value;
  throw new Error(`MEDIASOUP_WORKER is '${value}': it must be build, prebuilt or auto`);
}

const [argument] = process.argv.slice(2);
if (argument === '--packages') {
  process.stdout.write(`${buildPackages.join(' ')}\n`);
} else {
  const binary = await ensureWorker({
    say: (line) => void process.stderr.write(`${line}\n`),
    source: sourceOf(process.env['MEDIASOUP_WORKER']),
    ...(argument === undefined ? {} : { dir: argument }),
  });
  process.stdout.write(`${binary}\n`);
}
