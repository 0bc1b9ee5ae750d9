/** The m-lines that we make: seeds, tracks towards the client, and what becomes of them when a track is gone. */
import { trackID } from '../../protocol/trackId.ts';
import type { KindProfile, MediaProfile } from '../../sdp/model.ts';
import { mediaBody } from '../../sdp/section.ts';
import type { Addition, Line, Outgoing, Session } from '../state.ts';
import { sectionTrack } from './lines.ts';

/**
 * Two idle lines that teach the client our extension ids and payload types
 * (appendix A of the wire spec): its microphone then uses the first.
 */
export function seedLines({ nextMid, hasForeignIDs, transport }: Session): Line[] {
  if (hasForeignIDs || transport === null) return [];
  const { profile } = transport;
  return (['audio', 'video'] as const).map((kind, index) => ({
    ...idleLine(kind, profile[kind]),
    mid: `s${nextMid + index}`,
  }));
}

/** The lines with the tracks that could be made ready; one that has gone meanwhile is left for the next offer to remove. */
export function offeredLines(
  session: Session,
  profile: MediaProfile,
  additions: readonly Addition[],
): Line[] {
  const media = session.hasForeignIDs ? { ...profile.audio, extensions: [] } : profile.audio;
  const made = additions.flatMap((addition) => {
    const outgoing = outgoingOf(addition);
    return outgoing === null ? [] : [trackLine(addition.mid, media, outgoing)];
  });
  return place(session.lines, made);
}

/**
 * Takes tracks off their lines. A line of ours that carries nothing any more is
 * rejected, for a client that saw it come back would play the old track twice;
 * one that the client sends on stays for that.
 */
export function removeLines(
  lines: readonly Line[],
  mids: readonly string[],
): { readonly lines: Line[]; readonly consumerIDs: string[] } {
  const isGone = (line: Line): boolean => mids.includes(line.mid);
  return {
    lines: lines.map((line) => (isGone(line) ? emptied(line) : line)),
    consumerIDs: lines.filter(isGone).flatMap((line) => line.outgoing?.consumerID ?? []),
  };
}

function emptied(line: Line): Line {
  const isRejected = line.incoming === null;
  return { ...line, outgoing: null, isRejected, isConfirmed: false };
}

function idleLine(kind: 'audio' | 'video', media: KindProfile): Omit<Line, 'mid'> {
  return {
    kind,
    isRejected: false,
    isConfirmed: false,
    incoming: null,
    outgoing: null,
    body: mediaBody(media, null),
  };
}

function trackLine(mid: string, media: KindProfile, outgoing: Outgoing): Line {
  return { ...idleLine('audio', media), mid, outgoing, body: mediaBody(media, sectionTrack(outgoing)) };
}

function outgoingOf({ track, consumer }: Addition): Outgoing | null {
  if (consumer === null || consumer === undefined) return null;
  const { producerID, sessionID, type } = track;
  return {
    ...consumer,
    producerID,
    senderID: sessionID,
    type,
    trackID: trackID(type, sessionID, producerID),
    isFlowing: false,
  };
}

/** Into places that both sides know to be free, else at the end. */
function place(lines: readonly Line[], made: readonly Line[]): Line[] {
  const waiting = [...made];
  const placed = lines.map((line) =>
    line.isRejected && line.isConfirmed ? (waiting.shift() ?? line) : line,
  );
  return [...placed, ...waiting];
}
