/** Names of the tracks that clients are sent (wire spec 3.6). */

/** What a track is, as clients and the transcriber spell it. */
export type TrackType = 'voice' | 'screen' | 'screen-audio' | 'video';

/**
 * `<type>_<sender session>_<8 characters>`: exactly three fields, for the
 * transcriber splits at `_`. `unique` is an ID of the track of which letters and digits are taken.
 */
export function trackID(type: TrackType, senderID: string, unique: string): string {
  return `${type}_${senderID}_${unique.replaceAll(/[^a-z0-9]/gi, '').slice(0, 8)}`;
}
