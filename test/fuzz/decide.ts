/** `decide` as an edge: whatever clients send, it neither throws nor piles up, and gives back all it took. */
import fc from 'fast-check';

import type { PureEdge } from './decoders.ts';
import { anyStep, Play } from './play.ts';
import { weightOf } from './weight.ts';

/** Three people, each with at most 20 descriptions in the queue. */
const [mostEffects, mostWeight] = [200, 3 * 20 * 20_000 + 1_000_000];

/** See the file comment. */
export const decideEdge: PureEdge = {
  name: 'call',
  property: fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
    const play = new Play();
    for (const step of steps) {
      const effects = play.step(step);
      const problem = problemOf(play, effects);
      if (problem !== undefined) throw new Error(problem);
    }
    play.empty();
    const { sessions, tracks } = play.world.call;
    const left = [...sessions.keys(), ...tracks.keys(), ...play.transports, ...play.timers];
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  }),
};

function problemOf({ world, transports, timers }: Play, effects: number): string | undefined {
  const { sessions, tracks } = world.call;
  if (effects > mostEffects) return `${effects} effects of one event`;
  const weight = weightOf(world.call);
  if (weight > mostWeight) return `the call weighs ${weight}`;
  const orphan = [...tracks.values()].find((track) => !sessions.has(track.sessionID));
  if (orphan !== undefined) return `track of ${orphan.sessionID}, who has gone`;
  const lost = [...tracks.values()].find(
    (track) =>
      !sessions.get(track.sessionID)?.lines.some((line) => line.incoming?.producerID === track.producerID),
  );
  if (lost !== undefined) return `track ${lost.producerID} of ${lost.sessionID} is on none of its lines`;
  const stray = [...transports].find((sessionID) => !sessions.has(sessionID));
  if (stray !== undefined) return `transport of ${stray}, who has gone`;
  const timer = [...timers].find((one) => !sessions.has(one.split(' ', 1)[0] ?? ''));
  return timer === undefined ? undefined : `timer ${timer} of someone who has gone`;
}
