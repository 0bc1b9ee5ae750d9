/** Pure: what the calls hold, counted. */
import type { TrackType } from '../protocol/trackId.ts';
import type { CallCounts, TrackCounts } from './service.ts';
import type { Call } from './state.ts';

/** Counts over all calls. */
export function countCalls(calls: readonly Call[]): CallCounts {
  const sessionsByGroup: Record<string, number> = {};
  for (const { groupID, sessions } of calls)
    sessionsByGroup[groupID] = (sessionsByGroup[groupID] ?? 0) + sessions.size;
  const sessions = calls.flatMap((call) => [...call.sessions.values()]);
  const tracksIn = calls.flatMap((call) => [...call.tracks.values()].map((track) => track.type));
  const tracksOut = sessions.flatMap(({ lines }) => lines.flatMap((line) => line.outgoing?.type ?? []));
  return {
    calls: calls.length,
    sessions: sessions.length,
    sessionsByGroup,
    tracks: { in: countTypes(tracksIn), out: countTypes(tracksOut) },
  };
}

function countTypes(types: readonly TrackType[]): TrackCounts {
  const of = (type: TrackType): number => types.filter((one) => one === type).length;
  return { voice: of('voice'), screen: of('screen'), screenAudio: of('screen-audio'), video: of('video') };
}
