/**
 * `npm run lint`: eslint and prettier, each over the files that it has not found in order before, in this checkout or
 * another one. What it found is kept beside what set-up builds (`cached('lint')`), under fingerprints of everything that
 * the verdict depends on; a file with so much as a warning is looked at again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { getFileInfo } from 'prettier';
import { cached } from '../cache.ts';
import { filesBelow } from '../files.ts';
import { runNodeHere } from '../run.ts';
import { fingerprintsOf, hashOf } from './dependsOn.ts';
import { knownIn, remember } from './known.ts';

const root = join(import.meta.dirname, '../../..');

/** Rules, types and versions of packages; and how files are looked up. */
const common = [
  ...['eslint.config.js', 'tsconfig.json', 'package.json', 'package-lock.json'],
  ...['.prettierrc.json', '.prettierignore', '.gitignore'],
  ...['dependsOn.ts', 'known.ts', 'main.ts'].map((name) => `test/setup/lint/${name}`),
];

/** Says what is wrong with which files. */
type Look = (
  paths: readonly string[],
) => Promise<{ readonly sound: readonly string[]; readonly isFine: boolean }>;

/** Whether all is fine. */
async function lookAtNew(
  tool: string,
  fingerprints: ReadonlyMap<string, string>,
  look: Look,
): Promise<boolean> {
  const file = cached(`lint/${tool}`);
  const known = await knownIn(file);
  const unknown = [...fingerprints].filter(([, fingerprint]) => !known.has(fingerprint));
  const { sound, isFine } =
    unknown.length === 0 ? { sound: [], isFine: true } : await look(unknown.map(([path]) => path));
  const isSound = new Set(sound);
  // Also what was known, so that what is in use stays the newest.
  const fine = [...fingerprints].filter(([path, print]) => known.has(print) || isSound.has(path));
  await remember(
    file,
    fine.map(([, print]) => print),
  );
  return isFine;
}

async function lookWithEslint(eslint: ESLint, paths: readonly string[]): ReturnType<Look> {
  const results = await eslint.lintFiles([...paths]);
  const formatter = await eslint.loadFormatter();
  process.stdout.write(await formatter.format(results));
  const sound = results.filter(({ messages }) => messages.length === 0).map(({ filePath }) => filePath);
  return {
    sound: sound.map((path) => path.slice(root.length + 1)),
    isFine: results.every(({ errorCount }) => errorCount === 0),
  };
}

async function lookWithPrettier(paths: readonly string[]): ReturnType<Look> {
  const args = ['--check', '--log-level', 'warn', ...paths];
  const isFine = (await runNodeHere(root, 'node_modules/prettier/bin/prettier.cjs', args)) === 0;
  return { sound: isFine ? paths : [], isFine };
}

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

async function isForPrettier(path: string): Promise<boolean> {
  const ignorePath = ['.gitignore', '.prettierignore'].map((name) => join(root, name));
  const { ignored, inferredParser } = await getFileInfo(join(root, path), { ignorePath });
  return !ignored && inferredParser !== null;
}

async function filtered<T>(items: readonly T[], keeps: (item: T) => Promise<boolean>): Promise<T[]> {
  const verdicts = await Promise.all(items.map(keeps));
  return items.filter((_, index) => verdicts[index]);
}

async function main(): Promise<void> {
  const all = (await filesBelow(root)).map((path) => path.slice(root.length + 1));
  const eslint = new ESLint({ cwd: root });
  const linted = await filtered(
    all.filter((path) => /\.[cm]?[jt]s$/.test(path)),
    async (path) => !(await eslint.isPathIgnored(path)),
  );
  const shared = common.map(textOf).join('\0');
  // Data that is imported has a type, too.
  const sources = [...linted, ...all.filter((path) => path.endsWith('.json'))];
  const reaching = fingerprintsOf(new Map(sources.map((path) => [path, textOf(path)])), shared);
  const typed = new Map(linted.map((path) => [path, reaching.get(path)!]));
  // How a file is laid out depends on nothing but itself.
  const formatted = await filtered(all, isForPrettier);
  const plain = new Map(formatted.map((path) => [path, hashOf([shared, path, textOf(path)])]));
  const isLinted = await lookAtNew('eslint', typed, (paths) => lookWithEslint(eslint, paths));
  const isFormatted = await lookAtNew('prettier', plain, lookWithPrettier);
  if (!isLinted || !isFormatted) process.exitCode = 1;
}

await main();
