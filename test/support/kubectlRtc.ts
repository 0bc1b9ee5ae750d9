/** `kubectl-rtc` as one file, made as `npm run kubectl-rtc` makes it, and kubectl beside it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../setup/run.ts';

const root = join(import.meta.dirname, '../..');

/** A folder for the PATH. */
export interface Plugin {
  readonly dir: string;
  /** The file. */
  readonly program: string;
  remove(): Promise<void>;
}

/** Takes about a second. */
export async function buildPlugin(): Promise<Plugin> {
  const dir = await mkdtemp(join(tmpdir(), 'kubectl-rtc-'));
  const program = join(dir, 'kubectl-rtc');
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const command = (scripts['kubectl-rtc'] ?? '').replaceAll('dist/kubectl-rtc', program);
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  await run('sh', ['-c', command], { cwd: root, env: { PATH: path } });
  const { stdout } = await run(program, ['completion', 'kubectl'], { env: { PATH: path } });
  await writeFile(join(dir, 'kubectl_complete-rtc'), stdout, { mode: 0o755 });
  return { dir, program, remove: () => rm(dir, { recursive: true }) };
}
