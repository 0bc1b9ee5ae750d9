/** Mute, unmute and who is speaking (wire spec 3.7, 5). */
import type { CallEvent } from '../events.ts';
import type { Track } from '../state.ts';
import { sendVoice } from './signal.ts';
import type { Transaction } from './transaction.ts';

/** A speaker stays one for at least so long: the plugin reads its database twice for every change. */
export const shortestVoiceMs = 2_000;

/** Pauses between words are shorter. */
export const quietMs = 1_000;

/** Stops or resumes a session's voice. Nothing to do before it has one: a new voice starts audible. */
export function setMuted(tx: Transaction, sessionID: string, isMuted: boolean): void {
  const voices = tracksOf(tx, sessionID).filter((track) => track.type === 'voice');
  for (const { producerID } of voices) {
    tx.media({ type: isMuted ? 'pauseProducer' : 'resumeProducer', sessionID, producerID });
  }
  if (isMuted && voices.length > 0) silence(tx, sessionID);
}

/** Tracks that were loud in the last interval. */
export function hearLevels(tx: Transaction, { loud }: Extract<CallEvent, { readonly type: 'levels' }>): void {
  const { tracks } = tx.call;
  const speakers = new Set(loud.flatMap(({ producerID }) => tracks.get(producerID)?.sessionID ?? []));
  for (const sessionID of speakers) hear(tx, sessionID);
}

/** Whether a speaker has fallen silent; looks again when that can be told. */
export function checkQuiet(tx: Transaction, sessionID: string): void {
  const { speaking } = tx.update(sessionID, {});
  if (!speaking.isOn) return;
  const dueMs = Math.max(speaking.sinceMs + shortestVoiceMs, speaking.loudAtMs + quietMs);
  if (dueMs > tx.context.nowMs) tx.startTimer(sessionID, 'quiet', dueMs - tx.context.nowMs);
  else silence(tx, sessionID);
}

function hear(tx: Transaction, sessionID: string): void {
  const { nowMs } = tx.context;
  const session = tx.update(sessionID, {});
  const { speaking } = session;
  tx.update(sessionID, {
    speaking: { isOn: true, sinceMs: speaking.isOn ? speaking.sinceMs : nowMs, loudAtMs: nowMs },
  });
  if (speaking.isOn) return;
  sendVoice(tx, session, true);
  tx.startTimer(sessionID, 'quiet', shortestVoiceMs);
}

/** Says so even when nobody thought otherwise, as rtcd does on every mute. */
function silence(tx: Transaction, sessionID: string): void {
  const session = tx.update(sessionID, { speaking: { isOn: false, sinceMs: 0, loudAtMs: 0 } });
  tx.cancelTimer(sessionID, 'quiet');
  sendVoice(tx, session, false);
}

function tracksOf(tx: Transaction, sessionID: string): Track[] {
  return [...tx.call.tracks.values()].filter((track) => track.sessionID === sessionID);
}
