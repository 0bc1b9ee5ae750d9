/** m-lines: pure steps from one list to the next. */
import type { RemoteSection } from '../../sdp/parse.ts';
import type { SectionTrack } from '../../sdp/section.ts';
import type { Line, Outgoing } from '../state.ts';

/** Replaces fields of the line with this mid. */
export function changeLine(lines: readonly Line[], mid: string, change: Partial<Line>): Line[] {
  return lines.map((line) => (line.mid === mid ? { ...line, ...change } : line));
}

/** Why the sections of a peer cannot be these lines, else undefined. Lines that the client has not seen do not count. */
export function mismatch(lines: readonly Line[], sections: readonly RemoteSection[]): string | undefined {
  for (const [index, line] of lines.entries()) {
    const section = sections[index];
    if (!line.isConfirmed || line.isRejected) continue;
    if (section === undefined) return `m-line ${index} (mid ${line.mid}) is missing`;
    if (section.mid !== line.mid) return `m-line ${index} changed mid from ${line.mid} to ${section.mid}`;
    if (section.kind !== line.kind) return `m-line ${index} changed from ${line.kind} to ${section.kind}`;
  }
  return undefined;
}

/** What the text of a line says of the track on it. */
export function sectionTrack(outgoing: Outgoing | null): SectionTrack | null {
  if (outgoing === null) return null;
  const { senderID: streamID, trackID, codec, ssrc, rtxSsrc } = outgoing;
  return { streamID, trackID, codec, ssrc, ...(rtxSsrc === undefined ? {} : { rtxSsrc }) };
}
