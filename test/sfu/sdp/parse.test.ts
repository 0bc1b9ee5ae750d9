import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { parseSdp, type RemoteDescription } from '../../../sfu/sdp/parse.ts';

const golden = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../contract/sdp', `${name}.sdp`), 'utf8');

function parsed(sdp: string): RemoteDescription {
  const result = parseSdp(sdp);
  if (!result.ok) throw new Error(result.reason);
  return result.description;
}

describe('what Chromium says', () => {
  test('its first offer is one data section', () => {
    const { fingerprints, setup, sections } = parsed(golden('chromium-first-offer'));
    expect(setup).toBe('actpass');
    expect(fingerprints).toEqual([
      { algorithm: 'sha-256', value: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as unknown },
    ]);
    expect(sections).toMatchObject([{ kind: 'application', mid: '0', isRejected: false, codecs: [] }]);
  });

  test('its microphone goes onto our seeded line, with our extension ids', () => {
    const [, audio, video] = parsed(golden('chromium-microphone-offer')).sections;
    expect(audio).toMatchObject({
      mid: 's0',
      direction: 'sendrecv',
      streamID: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      streams: [{ ssrc: expect.any(Number) as unknown }],
      extensions: [
        { id: 6, uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' },
        { id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' },
      ],
    });
    expect(audio?.codecs[0]).toEqual({
      payloadType: 111,
      name: 'opus',
      clockRate: 48_000,
      channels: 2,
      parameters: { minptime: 10, useinbandfec: 1 },
      feedback: [],
    });
    expect(video).toMatchObject({ mid: 's1', direction: 'recvonly', streamID: undefined, streams: [] });
  });

  test('its camera has a stream and the one that repeats it', () => {
    const video = parsed(golden('chromium-video-offer')).sections.at(-1);
    expect(video).toMatchObject({
      kind: 'video',
      direction: 'sendrecv',
      streams: [{ ssrc: expect.any(Number) as unknown, rtxSsrc: expect.any(Number) as unknown }],
    });
  });

  test('its answers keep our mids', () => {
    const { sections, setup } = parsed(golden('chromium-voice-answer'));
    expect(setup).toBe('active');
    expect(sections.map(({ mid, direction }) => `${mid} ${direction}`)).toEqual([
      '0 sendrecv',
      's0 inactive',
      's1 inactive',
      's2 recvonly',
    ]);
  });
});

describe('what Firefox says', () => {
  test('its first offer is one data section, with the fingerprint before it', () => {
    const { fingerprints, setup, sections } = parsed(golden('firefox-first-offer'));
    expect([fingerprints.length, setup]).toEqual([1, 'actpass']);
    expect(sections).toMatchObject([{ kind: 'application', mid: '0' }]);
  });

  test('its microphone goes onto our seeded line, with our payload type and ids beside inventions of its own', () => {
    const [, audio] = parsed(golden('firefox-microphone-offer')).sections;
    expect(audio).toMatchObject({
      mid: 's0',
      direction: 'sendrecv',
      streamID: expect.stringMatching(/^\{[0-9a-f-]{36}\}$/) as unknown,
      streams: [{ ssrc: expect.any(Number) as unknown }],
    });
    expect(audio?.codecs[0]).toMatchObject({ payloadType: 111, name: 'opus', parameters: { stereo: 1 } });
    expect(audio?.extensions.map(({ id }) => id)).toEqual([6, 2, 1, 5]);
  });

  test('its answers keep our mids', () => {
    const { sections, setup } = parsed(golden('firefox-voice-answer'));
    expect(setup).toBe('active');
    expect(sections.map(({ mid, direction }) => `${mid} ${direction}`)).toEqual([
      '0 sendrecv',
      's0 sendonly',
      's1 inactive',
      's2 recvonly',
    ]);
  });
});

describe('odd but legal', () => {
  const base = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n';
  const audio = (...lines: string[]): string =>
    `${base}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n${lines.map((line) => `a=${line}\r\n`).join('')}`;

  test.each([
    ['stream - is no stream', ['msid:- track'], { streamID: undefined }],
    ['a stream may be told by its source', ['ssrc:7 msid:stream track'], { streamID: 'stream' }],
    ['direction is sendrecv when it is not said', [], { direction: 'sendrecv' }],
    [
      'an extension may have a direction',
      ['extmap:2/recvonly urn:x'],
      { extensions: [{ id: 2, uri: 'urn:x' }] },
    ],
    ['simulcast layers have names', ['rid:l send', 'rid:h send'], { rids: ['l', 'h'] }],
  ])('%s', (_name, lines, expected) => {
    expect(parsed(audio(...lines)).sections[0]).toMatchObject(expected);
  });

  test('formats that are no payload types, or stand there twice, are passed over', () => {
    const offer = audio('rtpmap:128 VP8/90000', 'rtpmap:x VP8/90000').replace(
      'SAVPF 111',
      'SAVPF 111 128 x 111',
    );
    expect(parsed(offer).sections[0]?.codecs.map(({ payloadType }) => payloadType)).toEqual([111]);
  });

  test('bare line feeds end lines too', () => {
    expect(parsed(audio('sendonly').replaceAll('\r\n', '\n')).sections[0]?.direction).toBe('sendonly');
  });

  test('port 0 rejects a line, but not one that is only bundled', () => {
    const rejected = audio('sendonly').replace('audio 9', 'audio 0');
    expect(parsed(rejected).sections[0]?.isRejected).toBe(true);
    expect(parsed(`${rejected}a=bundle-only\r\n`).sections[0]?.isRejected).toBe(false);
  });

  test.each([
    ['', 'does not start with v=0'],
    ['{}', 'does not start with v=0'],
    [`${base}m=text 9 RTP/AVP 98\r\na=mid:0\r\n`, 'm-line 0: unknown media text'],
    [`${base}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`, 'm-line 0: no usable mid'],
    [`${base}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a b\r\n`, 'm-line 0: no usable mid'],
    [base + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'.repeat(2), 'mid 0 stands on two m-lines'],
    [base + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'.repeat(1001), '1001 media sections'],
  ])('%j is refused with a reason', (sdp, reason) => {
    expect(parseSdp(sdp)).toEqual({ ok: false, reason: expect.stringContaining(reason) as unknown });
  });

  test('no text makes it throw', () => {
    const lines = golden('chromium-video-offer').split('\r\n');
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), fc.string(), (some, noise) => {
        parseSdp(`v=0\r\n${some.join('\r\n')}`);
        parseSdp(`v=0\r\nm=${noise}\r\na=${noise}`);
        parseSdp(noise);
      }),
      { numRuns: 200 },
    );
  });
});
