/** Which pages are tested: everything that a person who runs this is told to type. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, type Page, readPage } from './markdown.ts';

/** Of the checkout. */
export const root = join(import.meta.dirname, '../../..');

/** Pages of which another test sees to the commands; links and languages are tested here too. */
const ofOthers: readonly string[] = ['docs/kubectl-rtc.md'];

function markdownIn(dir: string): readonly string[] {
  const all = readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' });
  return all
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(dir, name))
    .sort();
}

const folders = ['docs', 'deploy', 'charts', 'test', 'operator', 'sfu', 'demo', 'crds'];
const atTheTop = readdirSync(root).filter((name) => name.endsWith('.md'));

/** Every page of the repository. */
export const allPages: readonly Page[] = [
  ...atTheTop,
  ...folders.filter((dir) => existsSync(join(root, dir))).flatMap(markdownIn),
].map((path) => readPage(path, readFileSync(join(root, path), 'utf8')));

/** Those that tell what to type. */
export const commandPages: readonly Page[] = allPages.filter(
  ({ path }) =>
    /^(README\.md|CONTRIBUTING\.md|docs\/|deploy\/|charts\/)/.test(path) && !ofOthers.includes(path),
);

/** `docs/page.md:12`. */
export function place({ page, line }: Pick<Block, 'page' | 'line'>): string {
  return `${page}:${line}`;
}

/** The commands of every block that names this test as the one that runs it: what it must do and no less. */
export function blocksBy(test: string): readonly string[] {
  return allPages
    .flatMap(({ blocks }) => blocks)
    .filter(({ mark }) => mark === `by: ${test}`)
    .flatMap(({ text }) => text.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()));
}

/** Languages of commands. */
export const isShell = ({ language }: Block): boolean =>
  ['sh', 'bash', 'console', 'shell'].includes(language);
