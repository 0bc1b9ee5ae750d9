/** Pure: what a bot reads in a server's SDP. */
import { parse } from 'sdp-transform';

/** The URI of RFC 6464. */
export const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** mid → the session that speaks, or shows something, there: the first token of msid (wire spec 3.5 and 3.6). */
export function sendersByMid(
  sdp: string,
  kinds: readonly ('audio' | 'video')[] = ['audio'],
): ReadonlyMap<string, string> {
  const senders = new Map<string, string>();
  for (const media of parse(sdp).media) {
    const stream = streamOf(media);
    const mid = media.mid as string | number | undefined; // The parser makes a number of "1".
    const isSent = media.port !== 0 && ['sendonly', 'sendrecv'].includes(media.direction ?? 'sendrecv');
    if (kinds.some((kind) => kind === media.type) && isSent && mid !== undefined && stream !== undefined)
      senders.set(String(mid), stream);
  }
  return senders;
}

/** The extension id under which the session carries audio levels; undefined when no offer has named one yet. */
export function audioLevelId(sdp: string): number | undefined {
  const extensions = parse(sdp).media.flatMap((media) => media.ext ?? []);
  return extensions.find((extension) => extension.uri === audioLevelUri)?.value;
}

function streamOf(media: ReturnType<typeof parse>['media'][number]): string | undefined {
  const bySource = media.ssrcs?.find((line) => line.attribute === 'msid')?.value;
  const text = typeof media.msid === 'string' ? media.msid : (media.msid?.[0]?.id ?? bySource);
  return text?.split(' ')[0];
}
