/** Keeps a session from flooding its call through the data channel: what is too much is left out before it is read. */
import type { Logger } from 'pino';
import { createBoundedLog } from '../ops/boundedLog.ts';
import { createTokenBucket, type TokenBucket } from '../ops/tokenBucket.ts';
import type { CallMetrics } from './metrics.ts';

/** A client that goes on like this is broken or hostile: its session ends. */
export const leftOutLimit = 5_000;

/** What is done with a message. */
export type Admission = 'take' | 'leave out' | 'end session';

/** One for each call. */
export interface DataGate {
  /** `bytes` is the length of the message, as it came. */
  admit(sessionID: string, bytes: number): Admission;
  forget(sessionID: string): void;
}

/** What a gate is made of. */
export interface DataGateDeps {
  readonly groupID: string;
  /** 0 = no limit. */
  readonly messagesPerSecond: number;
  readonly nowMs: () => number;
  readonly metrics: CallMetrics;
  readonly log: Logger;
}

/**
 * A description can cost milliseconds and comes compressed, so it counts as five of the others, which are a few
 * bytes each: twenty a second at the default, more than a call asks of anybody while all of it joins.
 */
const [shortBytes, longCost] = [32, 5];

/** Bursts of four seconds' worth pass: a client that joins says much at once. */
const burstSeconds = 4;

/** Nobody has said anything yet. */
export function createDataGate(deps: DataGateDeps): DataGate {
  const { groupID, messagesPerSecond: perSecond, nowMs, metrics, log } = deps;
  const sessions = new Map<string, { readonly bucket: TokenBucket; leftOut: number }>();
  const lines = createBoundedLog({ nowMs });
  const sessionOf = (sessionID: string): { readonly bucket: TokenBucket; leftOut: number } => {
    const before = sessions.get(sessionID);
    if (before !== undefined) return before;
    const fresh = {
      bucket: createTokenBucket({ perSecond, burst: perSecond * burstSeconds, nowMs }),
      leftOut: 0,
    };
    sessions.set(sessionID, fresh);
    return fresh;
  };
  return {
    admit(sessionID, bytes) {
      const session = sessionOf(sessionID);
      if (session.bucket.tryTake(bytes > shortBytes ? longCost : 1)) return 'take';
      session.leftOut += 1;
      metrics.limited(groupID, 'data');
      const reason = floodReason(perSecond);
      lines.say(sessionID, (more) =>
        log.warn({ sessionID, reason, ...more }, 'Left out data-channel message'),
      );
      return session.leftOut >= leftOutLimit ? 'end session' : 'leave out';
    },
    forget: (sessionID) => void sessions.delete(sessionID),
  };
}

/** Why messages are left out, and in the end the session. */
export function floodReason(perSecond: number): string {
  return `more than ${perSecond} messages a second on the data channel (limits.data_messages_per_second)`;
}
