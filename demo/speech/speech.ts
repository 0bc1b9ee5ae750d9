/** Real speech without a microphone: synthesised and encoded once, kept in the cache, never committed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildCached, stampOf } from '../../test/setup/cache.ts';
import { ensurePackages } from '../../test/setup/packages.ts';
import type { Say } from '../../test/setup/progress.ts';
import { run } from '../../test/setup/run.ts';
import { readOggOpus } from './ogg.ts';
import { type Speaker, speakers, toneAmplitude } from './speakers.ts';
import { addTone, audioLevels, normalise, readWav, writeWav } from './wav.ts';

/** Debian packages that make the speech. */
export const speechPackages = ['espeak-ng', 'opus-tools'] as const;

/** One speaker's voice, ready to be sent over and over. */
export interface Speech {
  /** 20 ms each. */
  readonly opusPackets: readonly Uint8Array[];
  /** −dBov of each packet. */
  readonly audioLevels: readonly number[];
}

/** The folder with `<name>.wav` (speech alone, for browsers) and `<name>.opus`, `<name>.json` (speech with tone, for bots). */
export async function ensureSpeech({ say }: { readonly say: Say }): Promise<string> {
  await ensurePackages(speechPackages, say);
  const stamp = await stampOf({
    texts: [JSON.stringify(speakers), String(toneAmplitude)],
    files: [import.meta.filename, join(import.meta.dirname, 'wav.ts')],
  });
  const { dir, built } = await buildCached('speech', stamp, async (target) => {
    for (const speaker of speakers) await synthesise(target, speaker);
  });
  if (built) say(`speech: ${speakers.length} voices synthesised`);
  return dir;
}

/** Loads what a bot says. */
export async function loadSpeech(dir: string, name: string): Promise<Speech> {
  const [opus, levels] = await Promise.all([
    readFile(join(dir, `${name}.opus`)),
    readFile(join(dir, `${name}.json`), 'utf8'),
  ]);
  return { opusPackets: readOggOpus(opus), audioLevels: JSON.parse(levels) as number[] };
}

async function synthesise(dir: string, speaker: Speaker): Promise<void> {
  const speechFile = join(dir, `${speaker.name}.wav`);
  const mixedFile = join(dir, `${speaker.name}.mixed.wav`);
  const { voice, pitch, wordsPerMinute, text } = speaker;
  await run('espeak-ng', [
    ...['-v', voice, '-p', String(pitch), '-s', String(wordsPerMinute)],
    ...['-w', speechFile, text],
  ]);
  const speech = normalise(readWav(await readFile(speechFile)));
  const mixed = addTone(speech, speaker.toneHz, toneAmplitude);
  await writeFile(speechFile, writeWav(speech));
  await writeFile(mixedFile, writeWav(mixed));
  await writeFile(join(dir, `${speaker.name}.json`), JSON.stringify(audioLevels(mixed)));
  const settings = ['--quiet', '--bitrate', '40', '--framesize', '20', '--speech'];
  await run('opusenc', [...settings, mixedFile, join(dir, `${speaker.name}.opus`)]);
}
