/** The m-lines that we make: seeds, tracks towards the client, and what becomes of them when a track is gone. */
import { trackID, type TrackType } from '../../protocol/trackId.ts';
import type { MediaProfile } from '../../sdp/model.ts';
import { trackMedia } from '../../sdp/profile.ts';
import { mediaBody, type SectionBody } from '../../sdp/section.ts';
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
    ...idleLine(kind, mediaBody(profile[kind], null)),
    mid: `s${nextMid + index}`,
  }));
}

/** The lines with the tracks that could be made ready; one that has gone meanwhile is left for the next offer to remove. */
export function offeredLines(
  session: Session,
  profile: MediaProfile,
  additions: readonly Addition[],
): Line[] {
  const made = additions.flatMap((addition) => {
    const outgoing = outgoingOf(addition);
    if (outgoing === null) return [];
    const kind = kindOf(outgoing.type);
    const media = trackMedia(profile[kind], kind, outgoing.codec);
    const body = mediaBody(
      session.hasForeignIDs ? { ...media, extensions: [] } : media,
      sectionTrack(outgoing),
    );
    return [{ ...idleLine(kind, body), mid: addition.mid, outgoing }];
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

function idleLine(kind: 'audio' | 'video', body: SectionBody): Omit<Line, 'mid'> {
  return { kind, isRejected: false, isConfirmed: false, incoming: null, outgoing: null, body };
}

function kindOf(type: TrackType): 'audio' | 'video' {
  return type === 'screen' || type === 'video' ? 'video' : 'audio';
}

function outgoingOf({ track, consumer }: Addition): Outgoing | null {
  if (consumer === null || consumer === undefined) return null;
  const { producerID, sessionID, type, codec } = track;
  return {
    ...consumer,
    producerID,
    senderID: sessionID,
    type,
    codec,
    trackID: trackID(type, sessionID, producerID),
    isFlowing: false,
  };
}

/** Into places of their kind that both sides know to be free, else at the end. */
function place(lines: readonly Line[], made: readonly Line[]): Line[] {
  const waiting = [...made];
  const placed = lines.map((line) => {
    const next = waiting.findIndex((one) => one.kind === line.kind);
    const isFree = line.isRejected && line.isConfirmed && next >= 0;
    return isFree ? (waiting.splice(next, 1)[0] ?? line) : line;
  });
  return [...placed, ...waiting];
}
