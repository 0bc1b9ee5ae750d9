/** Pictures that a page shares, with what the plugin is told of them. */
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import type { User } from './browser.ts';

/** What is shared. */
export interface Picture {
  readonly colour: string;
  /** Frames a second; default 10. */
  readonly fps?: number;
  /** Hard to press, so that its layers need what bandwidth they may have. */
  readonly noise?: boolean;
  /** With a tone as its sound. */
  readonly hz?: number;
  /** With the tone of a microphone that the browser makes up: for one that has no loudspeaker to run its own sound by. */
  readonly hasFakeSound?: boolean;
  /** In AV1 too. */
  readonly av1?: boolean;
  /** In these layers, lowest first. Default: one. */
  readonly encodings?: readonly object[];
}

/** Makes a picture; returns the name of its stream. */
export function prepare({ page }: User, picture: Picture, name = 'screen'): Promise<string> {
  return page.evaluate(`client.prepare('${name}', ${JSON.stringify(picture)})`);
}

/** Offers a picture that was made. */
export function publish({ page }: User, picture: Picture, name = 'screen'): Promise<void> {
  return page.evaluate(`client.share('${name}', ${JSON.stringify(picture)})`);
}

/** Shares a screen as the web client does: the plugin is told, then come the tracks. */
export async function share(user: User, picture: Picture): Promise<void> {
  user.plugin.send(rtcMessageType.screenOn, { screenStreamID: await prepare(user, picture) });
  await publish(user, picture);
}

/** Stops as the web client does: the tracks go, then the plugin is told. */
export async function stopSharing(user: User): Promise<void> {
  await user.page.evaluate("client.unshare('screen')");
  user.plugin.send(rtcMessageType.screenOff);
}

/** Shows a webcam: its track is offered, then the plugin is told. */
export async function showWebcam(user: User, name: string, picture: Picture): Promise<void> {
  const videoStreamID: string = await user.page.evaluate(
    `client.showWebcam('${name}', ${JSON.stringify(picture)})`,
  );
  user.plugin.send(rtcMessageType.videoOn, { videoStreamID });
}

/** Stops it: nothing is sent any more, the line stays. */
export async function hideWebcam(user: User, name: string): Promise<void> {
  await user.page.evaluate(`client.hideWebcam('${name}')`);
  user.plugin.send(rtcMessageType.videoOff);
}

/** Counters of one stream of pictures that arrives. */
export interface Arriving {
  readonly mid: string;
  readonly frames: number;
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  /** Packets that came again after they had been asked for. */
  readonly repeated: number;
  readonly keyFrames: number;
  readonly freezes: number;
}

/** Counters of one stream of pictures that leaves. */
export interface Leaving {
  /** Empty when there is one layer only. */
  readonly rid: string;
  readonly frames: number;
  readonly packets: number;
  readonly bytes: number;
  readonly repeated: number;
  readonly keyFrameRequests: number;
}

/** What a page counts of its pictures. */
export const pictureStats = ({ page }: User): Promise<{ received: Arriving[]; sent: Leaving[] }> =>
  page.evaluate('client.pictureStats()');
