/** Mute, unmute and who is speaking (wire spec 3.7, 5). */
import { kindOf } from '../../sdp/codecs.ts';
import type { CallEvent } from '../events.ts';
import type { Track } from '../state.ts';
import { isCrowded } from './planOffer.ts';
import { sendVoice } from './signal.ts';
import type { Transaction } from './transaction.ts';
import { hearPackets, silentVad } from './vad.ts';

/** Stops or resumes a session's voice. Nothing to do before it has one: a new voice starts audible. */
export function setMuted(tx: Transaction, sessionID: string, isMuted: boolean): void {
  const voices = tracksOf(tx, sessionID).filter((track) => track.type === 'voice');
  for (const voice of voices) {
    const { producerID } = voice;
    tx.media({ type: isMuted ? 'pauseProducer' : 'resumeProducer', sessionID, producerID });
    tx.addTrack({ ...voice, mutedSinceMs: isMuted ? (voice.mutedSinceMs ?? tx.context.nowMs) : null });
  }
  if (isMuted && voices.length > 0) silence(tx, sessionID);
  if (isCrowded(tx.call)) tx.negotiateAll(); // Muted voices give their m-lines up where these run short.
}

/** Packets have come with these levels. Of a muted voice they are late, and mean nothing. */
export function hearLevels(
  tx: Transaction,
  { tracks }: Extract<CallEvent, { readonly type: 'levels' }>,
): void {
  for (const { producerID, levels } of tracks) {
    const track = tx.call.tracks.get(producerID);
    if (track !== undefined && track.mutedSinceMs === null) hear(tx, track.sessionID, levels);
  }
}

/** An audio track has started: what was heard before says nothing of it. Whoever spoke does so until it is quiet. */
export function listenAnew(tx: Transaction, sessionID: string): void {
  const { vad } = tx.update(sessionID, {});
  tx.update(sessionID, { vad: { ...vad, levels: [] } });
}

/** An audio track has ended: who has no other no longer speaks, and no packet will come to show it. */
export function endVoice(tx: Transaction, sessionID: string): void {
  const isHeard = tracksOf(tx, sessionID).some(({ codec }) => kindOf(codec) === 'audio');
  if (!isHeard && tx.session(sessionID)?.vad.isOn === true) silence(tx, sessionID);
}

function hear(tx: Transaction, sessionID: string, levels: readonly number[]): void {
  const { vad, changes } = hearPackets(tx.update(sessionID, {}).vad, levels, tx.context.nowMs);
  const session = tx.update(sessionID, { vad });
  for (const isOn of changes) sendVoice(tx, session, isOn);
}

/** Says so even when nobody thought otherwise, as rtcd does on every mute. */
function silence(tx: Transaction, sessionID: string): void {
  sendVoice(tx, tx.update(sessionID, { vad: silentVad }), false);
}

function tracksOf(tx: Transaction, sessionID: string): Track[] {
  return [...tx.call.tracks.values()].filter((track) => track.sessionID === sessionID);
}
