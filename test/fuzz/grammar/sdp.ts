/** SDP by its grammar: every line that we read, with values from sound to absurd, in any order and number. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

import { damagedText } from './bytes.ts';

const recorded = join(import.meta.dirname, '../../contract/sdp');

/** What browsers said. */
const browsers = readdirSync(recorded)
  .filter((file) => file.endsWith('.sdp'))
  .sort()
  .map((file) => readFileSync(join(recorded, file), 'utf8'));

const number = fc.oneof(
  fc.nat(127).map(String),
  fc.constantFrom(
    '-1',
    '0',
    '128',
    '65536',
    '4294967295',
    '4294967296',
    '99999999999999999999',
    '*',
    '',
    'x',
  ),
);
const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('-', '__proto__', 'toString', '0', 's0', 's1', 'apt=96', ' ', '\r', 'a'.repeat(2000)),
);

const attributes: Readonly<Record<string, fc.Arbitrary<string>>> = {
  mid: fc.oneof(fc.constantFrom('0', '1', 's0', 's1'), word),
  rtpmap: fc
    .tuple(number, fc.constantFrom('opus/48000/2', 'VP8/90000', 'rtx/90000', 'AV1/90000', 'x/0', '/'), word)
    .map(([type, codec, end]) => `${type} ${codec}${end}`),
  fmtp: fc.tuple(number, word, word).map(([type, key, value]) => `${type} ${key}=${value};apt=${type}`),
  'rtcp-fb': fc.tuple(number, word).map(([type, feedback]) => `${type} ${feedback}`),
  extmap: fc
    .tuple(number, fc.constantFrom('urn:ietf:params:rtp-hdrext:ssrc-audio-level', 'urn:x'))
    .map(([id, uri]) => `${id} ${uri}`),
  ssrc: fc.tuple(number, word).map(([ssrc, text]) => `${ssrc} msid:${text}`),
  'ssrc-group': fc.tuple(number, number).map(([first, second]) => `FID ${first} ${second}`),
  msid: fc.tuple(word, word).map((words) => words.join(' ')),
  fingerprint: fc.constantFrom('sha-256 AB:CD', 'sha-512 AB', 'md5 AB:CD', 'x', 'sha-256 AB:CD:'),
  setup: fc.constantFrom('actpass', 'active', 'passive', 'holdconn', ''),
  rid: word,
  simulcast: word,
  sendrecv: fc.constant(''),
  recvonly: fc.constant(''),
  inactive: fc.constant(''),
  'bundle-only': fc.constant(''),
};

const attribute = fc
  .constantFrom(...Object.keys(attributes))
  .chain((name) => attributes[name]!.map((value) => (value === '' ? `a=${name}` : `a=${name}:${value}`)));

const kind = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('audio', 'video', 'application') },
  { weight: 1, arbitrary: fc.constantFrom('text', '', '__proto__') },
);

const section = fc
  .tuple(
    kind,
    fc.constantFrom('9', '0', '-1', ''),
    fc.array(number, { maxLength: 12 }),
    fc.array(attribute, { maxLength: 24 }),
  )
  .map(([media, port, formats, lines]) =>
    [`m=${media} ${port} UDP/TLS/RTP/SAVPF ${formats.join(' ')}`, 'a=mid:' + media, ...lines].join('\r\n'),
  );

const written = fc
  .tuple(fc.array(attribute, { maxLength: 4 }), fc.array(section, { maxLength: 6 }))
  .map(([session, sections]) =>
    ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=fingerprint:sha-256 AB:CD', ...session, ...sections]
      .map((line) => `${line}\r\n`)
      .join(''),
  );

/** A description, sound or not. */
export const anySdp: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 200 }),
  written,
  damagedText(written),
  damagedText(fc.constantFrom(...browsers)),
);
