/** Pictures that a page shares, with what the plugin is told of them. */
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import type { User } from './browser.ts';

/** What is shared. */
export interface Picture {
  readonly colour: string;
  /** Frames a second; default 10. */
  readonly fps?: number;
  /** With a tone as its sound. */
  readonly hz?: number;
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
