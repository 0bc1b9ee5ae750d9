/** Media on paper: what it can do, and a transport that it has opened. */
import type { Codec, MediaProfile, TransportDescription } from '../../../../sfu/sdp/model.ts';

const extensions = [
  { id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' },
  { id: 6, uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' },
];
const opus = { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: {}, feedback: [] };
const video = (payloadType: number, name: string, parameters = {}): Codec => ({
  payloadType,
  name,
  clockRate: 90_000,
  channels: 1,
  parameters,
  feedback: [],
});
/** Opus, VP8 and AV1. */
export const profile: MediaProfile = {
  audio: { codecs: [opus], extensions },
  video: {
    codecs: [
      video(96, 'vp8'),
      video(100, 'rtx', { apt: 96 }),
      video(45, 'av1'),
      video(101, 'rtx', { apt: 45 }),
    ],
    extensions: [],
  },
};

/** What a transport is described with. */
export const transport: TransportDescription = {
  iceUfrag: 'u',
  icePwd: 'p',
  fingerprint: { algorithm: 'sha-256', value: 'AB' },
  bound: [{ protocol: 'udp', address: '10.0.0.1', port: 8045 }],
  maxMessageSize: 262_144,
};
