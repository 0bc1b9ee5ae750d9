/** The lint rules that hold the architecture are in force where they should be: blocks can hide one another. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../..');

interface Rules {
  readonly 'no-restricted-imports'?: readonly [
    number,
    { readonly patterns: readonly { readonly group: readonly string[] }[] },
  ];
  readonly 'no-restricted-syntax'?: readonly unknown[];
}

async function rulesFor(file: string): Promise<Rules> {
  const { stdout } = await run(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '--print-config', file],
    { cwd: root },
  );
  return (JSON.parse(stdout) as { readonly rules: Rules }).rules;
}

async function forbiddenImports(file: string): Promise<readonly string[]> {
  return (await rulesFor(file))['no-restricted-imports']?.[1].patterns.flatMap(({ group }) => group) ?? [];
}

test.each([
  ['sfu/sdp/answer.ts', '**/media/**'],
  ['sfu/call/actor.ts', '**/ws/**'],
  ['sfu/media/mediasoup.ts', '**/call/actor*'],
  ['sfu/ws/server.ts', '**/media/**'],
  ['operator/desired/services.ts', '**/kube/**'],
])(
  '%s may not import %s',
  async (file, folder) => {
    expect(await forbiddenImports(file)).toContain(folder);
  },
  30_000,
);

test('a pure file may neither wait nor declare an enum', async () => {
  const rules = JSON.stringify((await rulesFor('sfu/sdp/answer.ts'))['no-restricted-syntax']);
  expect(rules).toContain('AwaitExpression');
  expect(rules).toContain('TSEnumDeclaration');
}, 30_000);
