import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readEvidence } from './evidence.ts';
import { renderFigures } from './figures.ts';

const docs = join(import.meta.dirname, '../../docs');

test('the page of figures says what the evidence says, and nothing else', async () => {
  const evidence = await readEvidence(join(docs, 'evidence'));
  expect(await readFile(join(docs, 'figures.md'), 'utf8')).toBe(renderFigures(evidence));
});

test('every figure tells its command, commit and machine', async () => {
  for (const [name, { command, commit, machine }] of await readEvidence(join(docs, 'evidence')))
    expect([name, command, commit, machine]).not.toContain('');
});
