/** The scripts of a page that plays the client's part of a call. */
import { join } from 'node:path';

/** Paths, in the order in which a page needs them. */
export const clientScripts: readonly string[] = [
  'browserPictures.js',
  'browserStats.js',
  'browserWire.js',
  'browserClient.js',
].map((name) => join(import.meta.dirname, name));
