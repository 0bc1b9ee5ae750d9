/** Debian packages around the worker: what building it takes, what running it takes. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Debian 12's names of the tools that a build of the worker runs, for whatever machine it builds. */
export const buildTools = ['ninja-build', 'meson', 'pkg-config', 'flatbuffers-compiler'] as const;

/** Of the libraries that it is built against. */
export const buildLibraries = ['libuv1-dev', 'libssl-dev', 'libabsl-dev', 'libflatbuffers-dev'] as const;

/** Of all that a build for this machine needs. */
export const buildPackages = ['g++', ...buildTools, ...buildLibraries] as const;

/** Installed versions by package; what is not installed is absent. */
export async function installedVersions(packages: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const format = '${Package}\t${db:Status-Status}\t${Version}\n';
  // dpkg-query fails when it does not know one of them, and prints the others all the same.
  const printed = await execute('dpkg-query', ['-W', '-f', format, ...packages]).catch(
    (failure: unknown) => failure as { stdout?: string },
  );
  const rows = (printed.stdout ?? '').split('\n').map((line) => line.split('\t'));
  return new Map(
    rows.filter(([, status]) => status === 'installed').map(([name = '', , version = '']) => [name, version]),
  );
}

/** Debian packages that hold the shared libraries of `binary`, sorted; empty where dpkg is not. */
export async function runtimePackages(binary: string): Promise<readonly string[]> {
  const { stdout } = await execute('ldd', [binary]);
  const libraries = [...stdout.matchAll(/ => (\/\S+)/g)].map(([, path = '']) => path);
  // A merged /usr: the same file is recorded below /lib by some packages, below /usr/lib by others.
  const paths = libraries.flatMap((path) => [path, path.replace(/^\/lib/, '/usr/lib')]);
  const owners = await execute('dpkg-query', ['-S', ...paths]).catch(
    (failure: unknown) => failure as { stdout?: string },
  );
  const names = (owners.stdout ?? '').split('\n').map((line) => line.split(':')[0] ?? '');
  return [...new Set(names.filter((name) => name !== ''))].sort();
}
