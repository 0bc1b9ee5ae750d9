/** Payload types: `a=rtpmap`, `a=fmtp` and `a=rtcp-fb`, read and written. */
import type { Attributes } from './attributes.ts';
import type { Codec, Feedback } from './model.ts';

/** What a codec is for, by its name in lower case: of audio we take Opus and nothing else. */
export function kindOf(codec: string): 'audio' | 'video' {
  return codec === 'opus' ? 'audio' : 'video';
}

/** More than any codec has; what is beyond is passed over. */
const mostFeedback = 32;

/**
 * The codecs of a media section, in its order of preference. A format that is no payload type (RFC 3551 6: seven bits),
 * stands there twice, or has no usable `rtpmap` is passed over.
 */
export function readCodecs(formats: readonly string[], attributes: Attributes): Codec[] {
  const maps = byPayloadType(attributes('rtpmap'));
  const parameters = byPayloadType(attributes('fmtp'));
  const feedback = byPayloadType(attributes('rtcp-fb'));
  const forAll = feedback.get('*') ?? [];
  return [...new Set(formats)].filter(isPayloadType).flatMap((format) => {
    const match = /^([\w.-]+)\/(\d+)(?:\/(\d+))?$/.exec(maps.get(format)?.[0] ?? '');
    if (match?.[1] === undefined) return [];
    return [
      {
        payloadType: Number(format),
        name: match[1].toLowerCase(),
        clockRate: Number(match[2]),
        channels: Number(match[3] ?? 1),
        parameters: readParameters(parameters.get(format)?.[0] ?? ''),
        feedback: [...(feedback.get(format) ?? []), ...forAll].slice(0, mostFeedback).map(readFeedback),
      },
    ];
  });
}

/** The lines of one codec. */
export function codecLines(codec: Codec): string[] {
  const { payloadType, channels } = codec;
  const map = `a=rtpmap:${payloadType} ${spelling(codec.name)}/${codec.clockRate}`;
  const parameters = Object.entries(codec.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    channels > 1 ? `${map}/${channels}` : map,
    ...(parameters.length > 0 ? [`a=fmtp:${payloadType} ${parameters.join(';')}`] : []),
    ...codec.feedback.map(
      ({ type, parameter }) => `a=rtcp-fb:${payloadType} ${`${type} ${parameter}`.trimEnd()}`,
    ),
  ];
}

/**
 * Of what a peer offers, the codecs that we speak, with our parameters and the
 * feedback that both know: one payload type for each, the one the peer prefers,
 * and its retransmission.
 */
export function commonCodecs(offered: readonly Codec[], ours: readonly Codec[]): Codec[] {
  const isSame = (codec: Codec, own: Codec): boolean =>
    own.name !== 'rtx' && own.name === codec.name && own.clockRate === codec.clockRate;
  const media = ours.flatMap((own) => {
    const codec = offered.find((one) => isSame(one, own));
    return codec === undefined ? [] : [{ ...codec, ...ownView(codec, own) }];
  });
  const kept = new Set<unknown>(media.map((codec) => codec.payloadType));
  const rtx = offered.filter((codec) => codec.name === 'rtx' && kept.has(codec.parameters['apt']));
  return [...media, ...rtx];
}

/** Of some codecs those with these names, each with its retransmission. */
export function onlyCodecs(codecs: readonly Codec[], names: readonly string[]): Codec[] {
  const media = codecs.filter((codec) => names.includes(codec.name));
  const kept = new Set<unknown>(media.map((codec) => codec.payloadType));
  const rtx = codecs.filter((codec) => codec.name === 'rtx' && kept.has(codec.parameters['apt']));
  return [...media, ...rtx];
}

function ownView(offered: Codec, own: Codec): Pick<Codec, 'parameters' | 'feedback'> {
  const isCommon = (one: Feedback): boolean =>
    own.feedback.some((other) => other.type === one.type && other.parameter === one.parameter);
  return { parameters: own.parameters, feedback: offered.feedback.filter(isCommon) };
}

function byPayloadType(values: readonly string[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const value of values) {
    const space = value.indexOf(' ');
    const key = value.slice(0, space);
    const known = map.get(key);
    if (known === undefined) map.set(key, [value.slice(space + 1)]);
    else known.push(value.slice(space + 1));
  }
  return map;
}

function isPayloadType(format: string): boolean {
  return /^\d{1,3}$/.test(format) && Number(format) < 128;
}

function readParameters(text: string): Record<string, string | number> {
  const pairs = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...rest] = part.split('=');
      const value = rest.join('=');
      return [name, /^\d{1,9}$/.test(value) ? Number(value) : value] as const;
    });
  return Object.fromEntries(pairs);
}

function readFeedback(value: string): Feedback {
  const [type = '', ...rest] = value.split(' ');
  return { type, parameter: rest.join(' ') };
}

/** The registered spelling: receivers compare without case, readers of a log do not. */
function spelling(name: string): string {
  return name === 'opus' || name === 'rtx' ? name : name.toUpperCase();
}
