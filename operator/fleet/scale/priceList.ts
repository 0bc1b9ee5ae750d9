/** Written by `npm run generate` from docs/evidence/prices.json, which `make prices` measures. Do not edit. */
import type { Counts } from './measures.ts';

/** Millicores of one session and of one track, fitted to what our own SFU used under known loads. */
export const millicores: Counts = {
  sessions: 0.353,
  audioIn: 1.131,
  videoIn: 3.343,
  audioOut: 0.634,
  videoOut: 2.881,
};
