/** A peer without a browser that plays the client's part of a call, packet by packet. */
import { Audio, type DataChannel, type DescriptionType, PeerConnection, type Track } from 'node-datachannel';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { descriptionOf, type PluginSession } from './harness.ts';

/** A received RTP packet. */
export interface Packet {
  /** First token of the line's msid: the sender's session. */
  readonly sender: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

const audioLevelID = 6;

/** One user. */
export class Peer {
  readonly plugin: PluginSession;
  readonly packets: Packet[] = [];
  /** Data-channel messages, as hex or text. */
  readonly messages: string[] = [];
  readonly pc: PeerConnection;
  readonly channel: DataChannel;
  /** Tracks from the server, by mid. Held, or the library would collect them with their callbacks. */
  readonly tracks = new Map<string, Track>();
  readonly #ssrc: number;
  #senders = new Map<string, string>();
  #voice: Track | undefined;
  #sequence = 100;

  constructor(plugin: PluginSession) {
    this.plugin = plugin;
    this.#ssrc = 1000 + Math.floor(Math.random() * 1e9);
    this.pc = new PeerConnection(plugin.sessionID, {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
      forceMediaTransport: true, // Media comes later, on the transport of the data channel.
    });
    this.pc.onLocalDescription((sdp, type) => this.#send(sdp, type));
    this.pc.onTrack((track) => this.#receive(track));
    this.channel = this.pc.createDataChannel('calls-dc');
    this.channel.onMessage((message) => {
      this.messages.push(
        typeof message === 'string' ? message : Buffer.from(message as Buffer).toString('hex'),
      );
    });
    plugin.onMessage = (message) => {
      const description = descriptionOf(message);
      if (description !== undefined) this.#apply(description);
    };
    this.pc.setLocalDescription('offer');
  }

  /** Sends bytes on the data channel, given as hex. */
  say(hex: string): void {
    this.channel.sendMessageBinary(Buffer.from(hex, 'hex'));
  }

  /** Adds a microphone and offers it. */
  addVoice(): void {
    const audio = new Audio('mic', 'SendOnly');
    audio.addOpusCodec(111, 'minptime=10;useinbandfec=1');
    audio.parseSdpLine(`a=extmap:${audioLevelID} urn:ietf:params:rtp-hdrext:ssrc-audio-level`);
    audio.addSSRC(this.#ssrc, 'cname', 'stream', 'track');
    this.#voice = this.pc.addTrack(audio);
    this.pc.setLocalDescription('offer');
  }

  /** Sends one packet of 20 ms with this loudness; 0 is loudest, 127 silence. */
  speak(payload: Buffer, level = 20): void {
    if (this.#voice?.isOpen() !== true) return;
    this.#sequence += 1;
    const header = Buffer.alloc(20);
    header.writeUInt8(0x90, 0); // Version 2 with a header extension.
    header.writeUInt8(111, 1);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(this.#sequence * 960, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    header.writeUInt16BE(0xbede, 12); // One-byte extensions (RFC 8285 4.2), one word of them.
    header.writeUInt16BE(1, 14);
    header.writeUInt8((audioLevelID << 4) | 0, 16);
    header.writeUInt8(level, 17);
    this.#voice.sendMessageBinary(Buffer.concat([header, payload]));
  }

  close(): void {
    this.plugin.onMessage = () => undefined;
    this.pc.close();
  }

  #send(sdp: string, type: DescriptionType): void {
    this.plugin.send(rtcMessageType.sdp, { type, sdp });
  }

  #apply({ type, sdp }: { readonly type: 'offer' | 'answer'; readonly sdp: string }): void {
    if (type === 'offer') this.#senders = sendersOf(sdp);
    this.pc.setRemoteDescription(sdp, type === 'offer' ? 'offer' : 'answer');
    if (type === 'offer') this.pc.setLocalDescription('answer');
  }

  #receive(track: Track): void {
    const mid = track.mid();
    this.tracks.set(mid, track);
    track.onMessage((bytes) => {
      const isRtcp = (bytes[1] ?? 0) >= 192 && (bytes[1] ?? 0) <= 223;
      if (!isRtcp) this.packets.push(read(bytes, this.#senders.get(mid) ?? '?'));
    });
  }
}

function read(bytes: Buffer, sender: string): Packet {
  const first = bytes.readUInt8(0);
  const start = 12 + (first & 0x0f) * 4;
  const extension = (first & 0x10) === 0 ? 0 : 4 + bytes.readUInt16BE(start + 2) * 4;
  return {
    sender,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    payload: bytes.subarray(start + extension),
  };
}

function sendersOf(sdp: string): Map<string, string> {
  const sections = sdp.split('m=').filter((section) => section.includes('a=msid:'));
  return new Map(
    sections.map((section) => [
      /a=mid:(\S+)/.exec(section)?.[1] ?? '',
      /a=msid:(\S+)/.exec(section)?.[1] ?? '',
    ]),
  );
}
