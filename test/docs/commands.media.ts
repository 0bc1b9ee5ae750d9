/** Commands of the documentation that need no cluster: those that ask a running SFU, beside a real one, and those of a checkout. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSfu, type SfuProcess } from '../sfu/process.ts';
import { readMark } from './harness/mark.ts';
import { commandPages, isShell, place } from './harness/pages.ts';
import { createScratch, longestMs, type Scratch } from './harness/script.ts';

let sfu: SfuProcess;
let scratch: Scratch;

beforeAll(async () => {
  sfu = await startSfu();
  scratch = await createScratch({
    words: [
      ['localhost:8443', new URL(sfu.url).host],
      ['ADMIN_KEY', 'admin_secret_key'],
    ],
  });
  await scratch.addProgram(
    'curl',
    '#!/bin/sh\n# An answer that is no success is a failure here.\nexec /usr/bin/curl --fail-with-body "$@"\n',
  );
}, 60_000);
afterAll(async () => {
  await scratch.remove();
  await sfu.stop();
});

const blocks = commandPages
  .flatMap((page) => page.blocks)
  .filter(isShell)
  .flatMap((block) => {
    const mark = readMark(block.mark);
    return 'problem' in mark || !['sfu', 'shell'].includes(mark.stage ?? '')
      ? []
      : [[place(block), block, mark] as const];
  });

test.each(blocks)(
  '%s works',
  async (_, block, mark) => {
    await expect(scratch.runMarked(block.text, mark)).resolves.toBeUndefined();
  },
  Math.max(...blocks.map(([, , mark]) => longestMs(mark))),
);
