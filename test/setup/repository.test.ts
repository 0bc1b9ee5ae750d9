/** What a clean clone must have for its first command to work. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { checks, longProjects, projects } from './parts.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly optionalDependencies?: Record<string, string> }>
  >;
}

test('the lock file names every package of every platform, without which npm ci refuses it', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lock;
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`]?.version === undefined &&
        packages[`${path}/node_modules/${name}`]?.version === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

test('make test runs what npm run check runs', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const steps = [...(scripts['check'] ?? '').matchAll(/npm run --silent (\S+)/g)].map(([, name]) => name);
  expect(steps).toEqual([...checks, 'test:unit']);
});

test('make test-all runs every kind of test that jest knows', () => {
  const names = [...read('jest.config.js').matchAll(/project\('([a-z-]+)'/g)].map(([, name]) => name);
  expect(names).toEqual([...projects, ...longProjects]);
});

test('make alone lists the commands', async () => {
  const { stdout } = await run('make', ['-C', root, '--no-print-directory']);
  const commands = [
    'help',
    'demo',
    'cluster',
    'test',
    'test-all',
    'campaign',
    'fuzz',
    'bench',
    'prices',
    'bench-quick',
    'scoreboard',
    'check',
    'generate',
    'images',
    'kubectl-rtc',
    'clean',
  ];
  expect([...stdout.matchAll(/^ {2}make (\S+) +\S/gm)].map(([, name]) => name)).toEqual(commands);
});

test('the licence is there', () => {
  expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  expect(read('LICENSE').length).toBeGreaterThan(11_000);
});
