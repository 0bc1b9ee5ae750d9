/** What a bot sends: a voice or a picture, as a line of its offer, and once it is negotiated. */
import { Audio, Video } from 'node-datachannel';

import { audioLevelUri } from './offer.ts';

/** As every client of ours offers it. */
export const opusPayloadType = 111;
/** As every client of ours offers it. */
export const vp8PayloadType = 96;

/** Whose it is. */
export interface Source {
  readonly ssrc: number;
  /** Session ID. */
  readonly stream: string;
}

/** A line for the voice of a peer that is called `name`, with the number that levels of sound go by. */
export function voiceLine(name: string, source: Source & { readonly audioLevelId: number }): Audio {
  const { ssrc, stream, audioLevelId: id } = source;
  const audio = new Audio(`voice-${name}`, 'SendOnly');
  audio.addOpusCodec(opusPayloadType, 'minptime=10;useinbandfec=1');
  audio.parseSdpLine(`a=extmap:${id} ${audioLevelUri}`);
  audio.addSSRC(ssrc, stream, stream, `${stream}-voice`);
  return audio;
}

/** A line for one picture in VP8. */
export function pictureLine(name: string, { ssrc, stream }: Source): Video {
  const video = new Video(`picture-${name}`, 'SendOnly');
  video.addVP8Codec(vp8PayloadType);
  video.addSSRC(ssrc, stream, stream, `${stream}-picture`);
  return video;
}

/** A negotiated track. */
export interface Outgoing {
  readonly payloadType: number;
  /** False while the transport is not up. */
  send(packet: Uint8Array): boolean;
}

/** A negotiated voice. */
export interface Voice extends Outgoing {
  readonly audioLevelId: number;
}
