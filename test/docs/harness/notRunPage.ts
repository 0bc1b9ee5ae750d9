/** PURE: the pages → the list of what no test runs. */
import type { Page } from './markdown.ts';
import { readMark } from './mark.ts';
import { type NotRun, notRun } from './notRun.ts';

/** What could not be had where this was written. A line goes when somebody ran it. */
const limits = [
  'a Mattermost server: its plugin is played by `demo/page/`, by the rules of its sources; its own Go client and the real rtcd are run',
  'a cloud, kind, k3s: what they are told is read, not run; Kubernetes itself is the real one, from its sources',
  'cert-manager and external-dns: tests play them by the objects that they would write',
  'control groups v2: the plan for them is tested on plain data; hybrid v1 is what the tests run on',
  'an ARM64 machine and the images for one: the ARM64 media worker carries a whole call under qemu-user',
  "upstream's prebuilt media worker: it is built from its sources here",
  'calls-offloader: its protocol is among the scenarios, the programs are not',
];

/** `docs/not-run.md`. */
export function notRunPage(pages: readonly Page[]): string {
  return [
    '# What was not run',
    '',
    'Every command on these pages is run by a test, with the exceptions below. Written by `npm run generate` from the marks on the pages and `test/docs/harness/notRun.ts`.',
    '',
    '| what | why | what is known of it | where |',
    '| --- | --- | --- | --- |',
    ...(Object.keys(notRun) as NotRun[]).flatMap((kind) => row(kind, pages)),
    '',
    'Where this was written there was also none of these:',
    '',
    ...limits.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

/** Kinds that no page needs are left out. */
function row(kind: NotRun, pages: readonly Page[]): readonly string[] {
  const places = pages.filter(({ blocks }) =>
    blocks.some(({ mark }) => {
      const read = readMark(mark);
      return !('problem' in read) && read.notRun === kind;
    }),
  );
  const { what, why, instead } = notRun[kind];
  const where = places.map(
    ({ path }) => `[${path}](${path.startsWith('docs/') ? path.slice(5) : `../${path}`})`,
  );
  return places.length === 0 ? [] : [`| ${what} | ${why} | ${instead} | ${where.join(', ')} |`];
}
