/** Pure: what the calls hold, counted. */
import type { TrackType } from '../protocol/trackId.ts';
import { kindOf } from '../sdp/codecs.ts';
import type { CallCounts, SentKind, SentKindRow, TrackCounts, TrackRow } from './service.ts';
import type { Call, Session, Track } from './state.ts';

/** A track as it is counted. */
interface Counted {
  readonly groupID: string;
  readonly direction: 'in' | 'out';
  readonly type: TrackType;
  /** As SDP has it, in lower case. */
  readonly codec: string;
}

/** Counts over all calls. */
export function countCalls(calls: readonly Call[]): CallCounts {
  const sessionsByGroup = new Map<string, number>(); // No plain object: a client may be called `constructor`.
  for (const { groupID, sessions } of calls)
    sessionsByGroup.set(groupID, (sessionsByGroup.get(groupID) ?? 0) + sessions.size);
  const sessions = calls.reduce((sum, call) => sum + call.sessions.size, 0);
  const tracks = calls.flatMap(tracksOf);
  const inDirection = (wanted: string): TrackCounts =>
    countTypes(tracks.filter(({ direction }) => direction === wanted));
  return {
    calls: calls.length,
    sessions,
    largestCall: Math.max(0, ...calls.map((call) => call.sessions.size)),
    sending: sendingIn(calls.flatMap((call) => [...call.tracks.values()])),
    sessionsByGroup: Object.fromEntries(sessionsByGroup),
    tracks: { in: inDirection('in'), out: inDirection('out') },
    tracksByGroup: countRows(tracks),
  };
}

function sendingIn(tracks: readonly Track[]): CallCounts['sending'] {
  const mutes = tracks.flatMap(({ mutedSinceMs }) => mutedSinceMs ?? []);
  return {
    tracks: tracks.length - mutes.length,
    lastMuteMs: mutes.length === 0 ? null : mutes.reduce((last, ms) => Math.max(last, ms)),
  };
}

function tracksOf({ groupID, sessions, tracks }: Call): Counted[] {
  const incoming = [...tracks.values()].map(({ type, codec }) => ({
    groupID,
    direction: 'in' as const,
    type,
    codec,
  }));
  const outgoing = [...sessions.values()].flatMap(({ lines }) =>
    lines.flatMap(({ outgoing: sent }) =>
      sent === null ? [] : { groupID, direction: 'out' as const, type: sent.type, codec: sent.codec },
    ),
  );
  return [...incoming, ...outgoing];
}

function countTypes(tracks: readonly Counted[]): TrackCounts {
  const of = (type: TrackType): number => tracks.filter((one) => one.type === type).length;
  return { voice: of('voice'), screen: of('screen'), screenAudio: of('screen-audio'), video: of('video') };
}

function countRows(tracks: readonly Counted[]): TrackRow[] {
  const byLabels = Map.groupBy(tracks, ({ groupID, direction, codec }) =>
    JSON.stringify([groupID, direction, mimeTypeOf(codec)]),
  );
  return [...byLabels].map(([labels, counted]) => {
    const [groupID, direction, mimeType] = JSON.parse(labels) as [string, 'in' | 'out', string];
    return { groupID, direction, mimeType, value: counted.length };
  });
}

/** Video codecs are written in capitals. */
function mimeTypeOf(codec: string): string {
  const kind = kindOf(codec);
  return `${kind}/${kind === 'audio' ? codec : codec.toUpperCase()}`;
}

/** What is sent to each client's sessions. Asked every second, so it makes nothing for each track. */
export function sentKindsOf(calls: readonly Call[]): readonly SentKindRow[] {
  const byGroup = new Map<string, Set<SentKind>>();
  for (const { groupID, sessions } of calls) {
    const kinds = byGroup.get(groupID) ?? new Set();
    byGroup.set(groupID, kinds);
    for (const session of sessions.values()) addKinds(kinds, session);
  }
  return [...byGroup].flatMap(([groupID, kinds]) => [...kinds].map((kind) => ({ groupID, kind })));
}

function addKinds(kinds: Set<SentKind>, { lines }: Pick<Session, 'lines'>): void {
  for (const { outgoing } of lines)
    if (outgoing !== null) kinds.add(outgoing.type === 'video' ? 'screen' : outgoing.type);
}
