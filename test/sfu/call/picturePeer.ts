/** Pictures of peers without a browser: one that is sent packet by packet, and receivers that ask for key frames. */
import { type Track, Video } from 'node-datachannel';

import { descriptionOf } from './harness.ts';
import type { Peer } from './peer.ts';
import { offerTrack } from './scene.ts';

const payloadType = 96;

/** A picture that a peer sends, key frame by key frame. */
class SentPicture {
  /** When the peer was asked for a key frame, milliseconds. */
  readonly askedAtMs: number[] = [];
  readonly #track: Track;
  readonly #ssrc: number;
  #sequence = 0;

  /** Adds the picture and offers it. */
  constructor(peer: Peer, stream: string) {
    this.#ssrc = 2000 + Math.floor(Math.random() * 1e9);
    const video = new Video('picture', 'SendOnly');
    video.addVP8Codec(payloadType);
    video.addSSRC(this.#ssrc, 'cname', stream, 'picture');
    this.#track = peer.pc.addTrack(video);
    this.#track.onMessage((bytes) => {
      if (hasKeyFrameRequest(bytes)) this.askedAtMs.push(performance.now());
    });
    peer.pc.setLocalDescription('offer');
  }

  /** Sends a key frame of one packet (RFC 7741 4.2: S and a zero P bit). */
  send(): void {
    if (!this.#track.isOpen()) return;
    this.#sequence += 1;
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(0x80 | payloadType, 1);
    header.writeUInt16BE(this.#sequence & 0xffff, 2);
    header.writeUInt32BE(this.#sequence * 9000, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#track.sendMessageBinary(Buffer.concat([header, Buffer.from('10000000009d012a80026801', 'hex')]));
  }
}

/** Adds a picture of this stream to a call. */
export async function sharePicture(peer: Peer, stream: string): Promise<SentPicture> {
  const pictures: SentPicture[] = [];
  await offerTrack(peer, () => pictures.push(new SentPicture(peer, stream)));
  const [picture] = pictures;
  if (picture === undefined) throw new Error('picture was not added');
  return picture;
}

/** Asks for a key frame of the last picture that a peer was offered (PLI, RFC 4585 6.3.1). */
export function askKeyFrame(peer: Peer): void {
  const offers = peer.plugin.received.flatMap((message) => descriptionOf(message) ?? []);
  const sections = (offers.findLast(({ type }) => type === 'offer')?.sdp ?? '').split('\r\nm=');
  const picture = sections.find((section) => /^video 9[^]*a=ssrc:/.test(section)) ?? '';
  const track = peer.tracks.get(/a=mid:(\S+)/.exec(picture)?.[1] ?? '');
  const pli = Buffer.alloc(12);
  pli.writeUInt16BE(0x81ce, 0);
  pli.writeUInt16BE(2, 2);
  pli.writeUInt32BE(1, 4);
  pli.writeUInt32BE(Number(/a=ssrc:(\d+)/.exec(picture)?.[1] ?? 0), 8);
  if (track?.isOpen() === true) track.sendMessageBinary(pli);
}

/** RTCP comes as a compound of packets, each with its length. */
function hasKeyFrameRequest(bytes: Buffer): boolean {
  let at = 0;
  while (at + 4 <= bytes.length && bytes.readUInt8(at + 1) >= 192 && bytes.readUInt8(at + 1) <= 223) {
    if (bytes.readUInt16BE(at) === 0x81ce) return true;
    at += 4 + bytes.readUInt16BE(at + 2) * 4;
  }
  return false;
}
