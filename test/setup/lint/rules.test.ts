/** The lint rules that hold the architecture are in force where they should be: blocks can hide one another. */
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { run } from '../run.ts';

const root = join(import.meta.dirname, '../../..');

interface Rules {
  readonly 'no-restricted-imports'?: readonly [
    number,
    { readonly patterns: readonly { readonly group: readonly string[] }[] },
  ];
  readonly 'no-restricted-syntax'?: readonly unknown[];
}

const imports = [
  ['sfu/sdp/answer.ts', '**/media/**'],
  ['sfu/call/actor.ts', '**/ws/**'],
  ['sfu/media/mediasoup.ts', '**/call/actor*'],
  ['sfu/ws/server.ts', '**/media/**'],
  ['operator/desired/services.ts', '**/kube/**'],
] as const;

/** By file. */
let rules: Readonly<Record<string, Rules>>;

// eslint is asked in a process of its own, once: it takes a second to start, and more in here.
beforeAll(async () => {
  const ask = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const rulesOf = async (file) => [file, (await eslint.calculateConfigForFile(file)).rules];
    console.log(JSON.stringify(Object.fromEntries(await Promise.all(process.argv.slice(1).map(rulesOf)))));
  `;
  const files = imports.map(([file]) => file);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', ask, ...files], {
    cwd: root,
  });
  rules = JSON.parse(stdout) as typeof rules;
}, 60_000);

function forbiddenImports(file: string): readonly string[] {
  return rules[file]?.['no-restricted-imports']?.[1].patterns.flatMap(({ group }) => group) ?? [];
}

test.each(imports)('%s may not import %s', (file, folder) => {
  expect(forbiddenImports(file)).toContain(folder);
});

test('a pure file may neither wait nor declare an enum', () => {
  const inForce = JSON.stringify(rules['sfu/sdp/answer.ts']?.['no-restricted-syntax']);
  expect(inForce).toContain('AwaitExpression');
  expect(inForce).toContain('TSEnumDeclaration');
});
