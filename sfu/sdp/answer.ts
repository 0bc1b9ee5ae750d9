/** How one m-line of a peer's offer is answered: a subset of what it offers, with its own ids (RFC 3264, RFC 8829 5.3). */
import { commonCodecs, onlyCodecs } from './codecs.ts';
import type { Direction, KindProfile, MediaProfile } from './model.ts';
import type { RemoteSection } from './parse.ts';
import { usedExtensions } from './profile.ts';
import { mediaBody, type Section, type SectionBody, type SectionTrack } from './section.ts';

/** What we want on an m-line. */
export interface Wish {
  /** We take a track from the peer. */
  readonly receives: boolean;
  /** The track that we send, if any. */
  readonly track: SectionTrack | null;
}

/**
 * The part of an audio or video offer that we speak: one codec, VP8 before AV1
 * (the sender then knows what to send), and the one of the track that we send, if
 * that is another. No codecs = the line must be rejected.
 */
export function commonMedia(offered: RemoteSection, profile: MediaProfile, sentCodec = ''): KindProfile {
  const ours = offered.kind === 'video' ? profile.video : profile.audio;
  const common = commonCodecs(offered.codecs, ours.codecs);
  const names = [common[0]?.name ?? '', sentCodec];
  const known = offered.extensions.filter(({ uri }) => ours.extensions.some((own) => own.uri === uri));
  return {
    codecs: onlyCodecs(common, names),
    extensions: usedExtensions(known, {
      isSimulcast: offered.rids.length > 0,
      isAv1: names.includes('av1'),
    }),
  };
}

/** The answering section for one audio or video m-line. */
export function answerSection(offered: RemoteSection, profile: MediaProfile, wish: Wish): Section {
  const media = commonMedia(offered, profile, wish.track?.codec);
  const { kind, mid } = offered;
  if (offered.isRejected || media.codecs.length === 0)
    return { kind, mid, isRejected: true, direction: 'inactive', body: rejectedBody(offered) };
  const direction = directionOf(
    wish.track !== null && isReceiving(offered.direction),
    wish.receives && isSending(offered.direction),
  );
  const layers = isReceiving(direction) ? offered.rids : [];
  return { kind, mid, isRejected: false, direction, body: mediaBody(media, wish.track, layers) };
}

/** Whether the writer of a description sends on the line. */
export function isSending(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** Whether the writer of a description takes in what the line brings. */
export function isReceiving(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** The direction of someone who does these two things. */
export function directionOf(sends: boolean, receives: boolean): Direction {
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

/** An m-line must name a format even when it is off. */
function rejectedBody(offered: RemoteSection): SectionBody {
  return { formats: String(offered.codecs[0]?.payloadType ?? 0), attributes: '' };
}
