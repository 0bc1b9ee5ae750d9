/** Pure: what the verdict on a file depends on. Rules that know types look into what a file imports, and into what that imports. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import ts from 'typescript';

/** Text by path, relative to the checkout. */
export type Sources = ReadonlyMap<string, string>;

/**
 * A fingerprint of each file: of itself, of every file of ours that it reaches by imports (of types too), and of
 * `common`, which is what concerns all. Nothing but packages is reached in another way: see `changesAll`.
 */
export function fingerprintsOf(sources: Sources, common: string): ReadonlyMap<string, string> {
  const hashes = new Map([...sources].map(([path, text]) => [path, hashOf([text])]));
  const imports = new Map([...sources].map(([path, text]) => [path, importsOf(path, text)]));
  const everywhere = [...sources].filter(([path, text]) => changesAll(path, text)).map(([path]) => path);
  const fingerprint = (path: string): string => {
    const reached = [...reachedFrom([path, ...everywhere], imports)].toSorted();
    return hashOf([common, path, ...reached.flatMap((one) => [one, hashes.get(one) ?? 'not there'])]);
  };
  return new Map([...sources.keys()].map((path) => [path, fingerprint(path)]));
}

/**
 * Files that a file imports by a relative name, in any of the ways of TypeScript, or refers to; and where a script is
 * imported, those that may tell its types. Packages are told by package-lock.json.
 */
export function importsOf(path: string, text: string): readonly string[] {
  if (path.endsWith('.json')) return [];
  const { importedFiles, referencedFiles, typeReferenceDirectives } = ts.preProcessFile(text);
  return [...importedFiles, ...typeReferenceDirectives]
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .concat(referencedFiles.map(({ fileName }) => `./${fileName}`))
    .flatMap(withTypes)
    .map((name) => posix.join(posix.dirname(path), name));
}

/** `peer.js` may be `peer.ts` to TypeScript, or have its types in `peer.d.ts`. */
function withTypes(name: string): readonly string[] {
  const script = /^(.*)\.([cm]?)js$/.exec(name);
  if (script === null) return [name];
  const [, stem = '', system = ''] = script;
  return [name, `${stem}.${system}ts`, `${stem}.d.${system}ts`];
}

/** It declares something for files that do not import it: of declarations, one that is no module does so as a whole. */
function changesAll(path: string, text: string): boolean {
  if (/\bdeclare\s+(?:global|module)\b/.test(text)) return true;
  return /\.d\.[cm]?ts$/.test(path) && !/^\s*(?:import|export)\b/m.test(text);
}

function reachedFrom(
  begin: readonly string[],
  imports: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(begin);
  // A set is walked with what is added meanwhile.
  for (const path of reached) for (const next of imports.get(path) ?? []) reached.add(next);
  return reached;
}

/** SHA-256 over texts, as hex. */
export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
