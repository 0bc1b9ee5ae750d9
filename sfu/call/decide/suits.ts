/** Which of a sender's pictures a receiver gets (wire spec 3.10). */
import type { Call, Session, Track } from '../state.ts';

/**
 * AV1 when both ends said that they know it, else VP8, whichever is there: a
 * receiver of AV1 waits for it rather than see VP8 first. Sound suits everyone.
 */
export function suits(call: Call, { config }: Session, { sessionID, type, codec }: Track): boolean {
  if (type === 'voice' || type === 'screen-audio') return true;
  const sender = call.sessions.get(sessionID)?.config;
  const isAv1 = sender?.props.av1Support === true && config.props.av1Support === true;
  return (codec === 'av1') === isAv1;
}
