/** Several plays at a time, each in a lane of its own: most of their time they wait. */
import { lineOfPlay, playLight, type Outcome, type Play } from './play.ts';
import type { Ground } from './world.ts';

/** Eight at a time leave a core of two to others. */
const lanes = 8;

/** A play without its lane; the name of the world is made of the words. */
export type Wanted = Omit<Play, 'lane' | 'name'> & { readonly words: string };

/** Plays them all; an outcome for each, in their order. */
export async function playAll(ground: Ground, wanted: readonly Wanted[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = wanted.map((play, index) => ({ play, index }));
  const work = async (lane: number): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const name = next.play.words.replaceAll(/\W+/g, '-').toLowerCase();
      const outcome = await playLight(ground, { ...next.play, name, lane });
      outcomes[next.index] = outcome;
      process.stderr.write(`${lineOfPlay(name, outcome)}\n`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  return outcomes;
}
