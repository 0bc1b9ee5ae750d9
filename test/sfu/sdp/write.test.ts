import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { answerSection } from '../../../sfu/sdp/answer.ts';
import type { MediaProfile, TransportDescription } from '../../../sfu/sdp/model.ts';
import { parseSdp, type RemoteSection } from '../../../sfu/sdp/parse.ts';
import { dataBody, mediaBody, type Section, sectionText } from '../../../sfu/sdp/section.ts';
import { answerText, offerText } from '../../../sfu/sdp/write.ts';

const golden = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../contract/sdp', `${name}.sdp`), 'utf8');

/** The sections of a golden description; every golden one can be read. */
function sectionsOf(name: string): readonly RemoteSection[] {
  const result = parseSdp(golden(name));
  return result.ok ? result.description.sections : [];
}

const opus = {
  payloadType: 111,
  name: 'opus',
  clockRate: 48_000,
  channels: 2,
  parameters: { minptime: 10, useinbandfec: 1 },
  feedback: [],
};
const feedback = [
  { type: 'nack', parameter: '' },
  { type: 'nack', parameter: 'pli' },
];
const vp8 = { payloadType: 96, name: 'vp8', clockRate: 90_000, channels: 1, parameters: {}, feedback };
const profile: MediaProfile = {
  audio: {
    codecs: [opus],
    extensions: [
      { id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' },
      { id: 6, uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' },
    ],
  },
  video: { codecs: [vp8], extensions: [] },
};
const transport: TransportDescription = {
  iceUfrag: 'ufrag',
  icePwd: 'password',
  fingerprint: { algorithm: 'sha-256', value: 'AB:CD' },
  bound: [],
  maxMessageSize: 262_144,
};
const addresses = [{ protocol: 'udp' as const, address: '203.0.113.5', port: 8045 }];
const data: Section = {
  kind: 'application',
  mid: '0',
  isRejected: false,
  direction: 'sendrecv',
  body: dataBody(transport),
};
const voice: Section = {
  kind: 'audio',
  mid: 's2',
  isRejected: false,
  direction: 'sendonly',
  body: mediaBody(profile.audio, { streamID: 'ann', trackID: 'voice_ann_12345678', codec: 'opus', ssrc: 42 }),
};

describe('our descriptions', () => {
  test('the first answer: ICE-lite, DTLS server, candidates in the only section', () => {
    expect(answerText({ id: 5, version: 1, transport, addresses, sections: [data] }).split('\r\n')).toEqual([
      'v=0',
      'o=- 5 1 IN IP4 0.0.0.0',
      's=-',
      't=0 0',
      'a=ice-lite',
      'a=ice-ufrag:ufrag',
      'a=ice-pwd:password',
      'a=fingerprint:sha-256 AB:CD',
      'a=msid-semantic: WMS *',
      'a=group:BUNDLE 0',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=setup:passive',
      'a=sctp-port:5000',
      'a=max-message-size:262144',
      'a=candidate:udp0 1 udp 2130706431 203.0.113.5 8045 typ host',
      'a=end-of-candidates',
      '',
    ]);
  });

  test('a voice carries the session of the sender as stream and CNAME', () => {
    expect(sectionText(voice, 'actpass').split('\r\n')).toEqual([
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=mid:s2',
      'a=setup:actpass',
      'a=sendonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=msid:ann voice_ann_12345678',
      'a=ssrc:42 cname:ann',
      'a=ssrc:42 msid:ann voice_ann_12345678',
      '',
    ]);
  });

  test('a rejected line stays in its place and leaves the bundle', () => {
    const sections = [data, { ...voice, isRejected: true }];
    const text = offerText({ id: 5, version: 2, transport, addresses, sections });
    expect(text).toContain('a=group:BUNDLE 0\r\n');
    expect(text).toContain(
      'm=audio 0 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:s2\r\na=inactive\r\n',
    );
  });
});

describe('answering Chromium', () => {
  const [, microphone] = sectionsOf('chromium-microphone-offer');
  const camera = sectionsOf('chromium-video-offer').at(-1);

  test('of its microphone we take Opus only, with the extensions that both know', () => {
    const answer = answerSection(microphone!, profile, { receives: true, track: null });
    expect(answer).toMatchObject({ mid: 's0', direction: 'recvonly', isRejected: false });
    expect(answer.body.formats).toBe('111');
    expect(answer.body.attributes.match(/a=extmap:\d+/g)).toEqual(['a=extmap:6', 'a=extmap:1']);
  });

  test('of its camera one VP8 with its retransmission and the feedback that both know, idle', () => {
    const answer = answerSection(camera!, profile, { receives: false, track: null });
    expect(answer.direction).toBe('inactive');
    expect(answer.body.formats).toBe('96 100');
    expect(answer.body.attributes.match(/a=rtcp-fb:\S+ .*/g)).toEqual([
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 nack pli',
    ]);
  });

  test('a line without a codec that we speak is rejected', () => {
    const g711 = { ...microphone!, codecs: [{ ...opus, name: 'pcmu', payloadType: 0 }] };
    expect(answerSection(g711, profile, { receives: true, track: null })).toMatchObject({ isRejected: true });
  });
});

test('of Firefox’s microphone we take the extensions that we know and leave its inventions out', () => {
  const [, microphone] = sectionsOf('firefox-microphone-offer');
  const answer = answerSection(microphone!, profile, { receives: true, track: null });
  expect(answer.body.formats).toBe('111');
  expect(answer.body.attributes.match(/a=(extmap|fmtp):.*/g)).toEqual([
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
  ]);
});
