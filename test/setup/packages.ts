/** Debian packages: installed once, all that are missing in one go. */
import { run } from './run.ts';
import type { Say } from './progress.ts';

/** Installs what is missing of `names`. `apt-get update` runs only when something is. */
export async function ensurePackages(names: readonly string[], say: Say): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    if (!(await isInstalled(name))) missing.push(name);
  }
  if (missing.length === 0) return;
  say(`Debian packages: installing ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]);
    return stdout === 'installed';
  } catch {
    return false;
  }
}
