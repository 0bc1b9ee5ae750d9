/** Pure: prices as evidence has them → the source file that the operator is made with. */
import { z } from 'zod';

const price = z.number().min(0);
const pricesSchema = z.strictObject({
  sessions: price,
  audioIn: price,
  videoIn: price,
  audioOut: price,
  videoOut: price,
});

/** Throws a ZodError where a price is missing or below zero. */
export function priceListSource(prices: unknown): string {
  const rows = Object.entries(pricesSchema.parse(prices)).map(([name, value]) => `  ${name}: ${value},`);
  return [
    '/** Written by `npm run generate` from docs/evidence/prices.json, which `make prices` measures. Do not edit. */',
    "import type { Counts } from './measures.ts';",
    '',
    '/** Millicores of one session and of one track, fitted to what our own SFU used under known loads. */',
    'export const millicores: Counts = {',
    ...rows,
    '};',
    '',
  ].join('\n');
}
