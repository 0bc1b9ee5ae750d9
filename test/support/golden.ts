/** Golden files: what a builder makes, kept as text that a review can read. */
import { expect } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Compares `text` with the file. `GOLDEN=write npm run test:unit` refreshes all of them. */
export function expectGolden(file: string, text: string): void {
  if (process.env['GOLDEN'] === 'write') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}
