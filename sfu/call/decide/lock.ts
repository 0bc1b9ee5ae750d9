/**
 * The signaling lock (wire spec 4.3): whoever holds it may offer. A client's
 * hold is a lease, for a client that forgot it would never hear anyone new.
 */
import { lockFrame } from '../../protocol/dataChannel.ts';
import { sendFrame } from './signal.ts';
import type { Transaction } from './transaction.ts';

/** How long a client may hold the lock without offering. */
export const offerLeaseMs = 10_000;

/** How long a client may hold the lock after its offer was answered. */
export const answeredLeaseMs = 5_000;

/** The client asks: granted when free, refused at once otherwise. It asks again by itself. */
export function requestLock(tx: Transaction, sessionID: string): void {
  const session = tx.update(sessionID, {});
  const isGranted = session.lock.owner === null;
  if (isGranted) {
    tx.update(sessionID, { lock: { owner: 'client', sinceMs: tx.context.nowMs } });
    tx.startTimer(sessionID, 'lease', offerLeaseMs);
  }
  sendFrame(tx, session, lockFrame(isGranted));
}

/**
 * The client gives the lock back. It also says so after its unlocked offers and
 * after failing on an offer of ours; then the lock is not its own, and stays.
 */
export function unlock(tx: Transaction, sessionID: string): void {
  const { lock } = tx.update(sessionID, {});
  if (lock.owner === 'client') {
    release(tx, sessionID);
    return;
  }
  tx.log('debug', 'Ignored unlock', { sessionID, reason: `lock is held by ${lock.owner ?? 'nobody'}` });
}

/** The client has kept the lock too long. */
export function endLease(tx: Transaction, sessionID: string): void {
  if (tx.session(sessionID)?.lock.owner !== 'client') return;
  tx.effect({ type: 'error', error: 'signaling_lock_timeout' });
  tx.log('warn', 'Took signaling lock back', { sessionID, reason: 'the client kept it too long' });
  release(tx, sessionID);
}

/** Frees the lock, whoever holds it; our next offer may be waiting for it. */
export function release(tx: Transaction, sessionID: string): void {
  const { lock } = tx.update(sessionID, {});
  if (lock.owner === null) return;
  tx.timing('lockLockedTime', lock.sinceMs);
  if (lock.owner === 'client') tx.cancelTimer(sessionID, 'lease');
  tx.update(sessionID, { lock: { owner: null, sinceMs: tx.context.nowMs } });
  tx.negotiate(sessionID);
}
