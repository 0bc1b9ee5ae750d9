/** What was found in order before, by fingerprint, in one file outside the checkout: so it holds for every checkout. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Fingerprints that are kept: some tens of states of the whole tree. */
const kept = 50_000;

/** What is remembered in `file`; nothing when it is not there. */
export async function knownIn(file: string): Promise<ReadonlySet<string>> {
  return new Set(await linesOf(file));
}

/** Adds them as the newest. Two that remember at the same time may lose what one of them found: it is found again. */
export async function remember(file: string, fingerprints: readonly string[]): Promise<void> {
  const fresh = new Set(fingerprints);
  const older = (await linesOf(file)).filter((line) => !fresh.has(line));
  const lines = [...older, ...fresh].slice(-kept);
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${lines.join('\n')}\n`);
  await rename(next, file);
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
