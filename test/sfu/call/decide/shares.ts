/** Stories of a share, on paper: Ann shows, Bob looks. */
import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import { type OfferedLine, World } from './world.ts';

/** Ann's screen. */
export const picture: OfferedLine = { mid: '1', kind: 'video', direction: 'sendrecv', ssrc: 50, stream: 'S' };
/** The sound of it. */
export const sound: OfferedLine = { mid: 's0', direction: 'sendrecv', ssrc: 60, stream: 'S' };
const webcam: OfferedLine = { mid: '1', kind: 'video', direction: 'sendrecv', ssrc: 70, stream: 'V' };
/** A line that is idle now. */
export const off = (line: OfferedLine): OfferedLine => ({
  mid: line.mid,
  kind: line.kind ?? 'audio',
  direction: 'inactive',
});

/** What can happen around a share of Ann's, one step each. */
const steps: Readonly<Record<string, (world: World) => unknown>> = {
  screenOn: (world) => world.announce('ann', 'screenStreamID', 'S'),
  screenOff: (world) => world.rtc('ann', rtcMessageType.screenOff),
  videoOn: (world) => world.announce('ann', 'videoStreamID', 'V'),
  videoOnAgain: (world) => world.announce('ann', 'videoStreamID', 'never in any description'),
  videoOff: (world) => world.rtc('ann', rtcMessageType.videoOff),
  picture: (world) => world.change('ann', [picture]).produced('ann', '1'),
  pictureAgain: (world) => world.change('ann', [{ ...picture, mid: '2' }]).produced('ann', '2'),
  sound: (world) => world.change('ann', [sound]).produced('ann', 's0'),
  pictureOff: (world) => world.change('ann', [off(picture)]),
  soundOff: (world) => world.change('ann', [off(sound)]),
  voice: (world) => world.change('ann', [{ ...sound, stream: 'microphone' }]).produced('ann', 's0'),
  webcam: (world) => world.change('ann', [webcam]).produced('ann', '1'),
  leave: (world) => world.happen({ type: 'leave', sessionID: 'ann' }),
};

/** Ann and Bob are in; every step is followed by all that it brings about. */
export function play(names: string): World {
  const world = new World().enter('ann').enter('bob');
  for (const name of names.split(' ')) {
    const step = steps[name];
    if (step === undefined) throw new Error(`no step ${name}`);
    step(world);
    world.settle();
  }
  return world;
}
