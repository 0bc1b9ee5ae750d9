/**
 * The client's end of the path, as its offers describe it: connected by the
 * first, and restarted by one with other ICE credentials (RFC 8445 9). Tracks and
 * data channel go on across a restart, for DTLS stays as it is.
 */
import type { RemoteDescription } from '../../sdp/parse.ts';
import type { CallEvent } from '../events.ts';
import type { OpenTransport, Session } from '../state.ts';
import type { Transaction } from './transaction.ts';

/** As long as a lost path may stay away in all; media checks consent only once ICE has connected. */
export const connectTimeoutMs = 30_000;

/** In `awaited`, beside mids: tokens that are none, for they hold a space. */
export const pathTokens = { connect: 'the transport', restart: 'new credentials' } as const;

/** Asks media for what the offer asks of the path; returns what the answer has to wait for. */
export function followPath(
  tx: Transaction,
  sessionID: string,
  { transport, description }: { readonly transport: OpenTransport; readonly description: RemoteDescription },
): readonly string[] {
  const { ice } = description;
  if (!transport.isConnecting) {
    connect(tx, sessionID, { transport, description });
    return [pathTokens.connect];
  }
  if (ice === undefined || !isOther(transport.clientIce, ice)) return [];
  tx.update(sessionID, { transport: { ...transport, clientIce: ice } });
  tx.media({ type: 'restartIce', sessionID });
  // A path that is lost gets the time of a new one.
  if (transport.isPathLost) tx.startTimer(sessionID, 'iceGrace', connectTimeoutMs);
  tx.log('info', 'Restarting ICE', { sessionID, reason: 'the client offered new ICE credentials' });
  return [pathTokens.restart];
}

/** The session with our new credentials, which every description tells from now on. */
export function withCredentials(
  session: Session,
  { iceUfrag, icePwd }: Extract<CallEvent, { readonly type: 'iceRestarted' }>,
): Session {
  const { transport } = session;
  if (transport === null) return session;
  return {
    ...session,
    transport: { ...transport, description: { ...transport.description, iceUfrag, icePwd } },
  };
}

function connect(
  tx: Transaction,
  sessionID: string,
  { transport, description }: { readonly transport: OpenTransport; readonly description: RemoteDescription },
): void {
  tx.cancelTimer(sessionID, 'firstOffer');
  tx.startTimer(sessionID, 'iceGrace', connectTimeoutMs);
  tx.update(sessionID, {
    transport: { ...transport, isConnecting: true, clientIce: description.ice ?? null },
  });
  tx.media({ type: 'connectTransport', sessionID, fingerprints: description.fingerprints });
}

function isOther(
  before: OpenTransport['clientIce'],
  after: NonNullable<OpenTransport['clientIce']>,
): boolean {
  return before !== null && (before.ufrag !== after.ufrag || before.pwd !== after.pwd);
}
