/** Group → call → session: finds the actor of an event, opens calls and forgets them when they are empty. */
import type { Logger } from 'pino';

import type { MediaPort } from '../media/port.ts';
import type { AddressRules } from '../sdp/candidates.ts';
import type { CallMetrics } from './metrics.ts';
import type { CallService, PluginSender } from './service.ts';

/** Bounds on what is taken in; 0 = none. A join beyond them is answered with `close` at once (wire spec 7.0). */
export interface CallLimits {
  /** Sessions in this process. */
  readonly sessions: number;
  readonly sessionsPerCall: number;
}

/** Time, so that tests can hold it. */
export interface Clock {
  /** Monotonic, milliseconds. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** What calls are built from. */
export interface CallServiceDeps {
  readonly media: MediaPort;
  readonly plugins: PluginSender;
  readonly log: Logger;
  readonly limits: CallLimits;
  /** Asked for each session's first answer, so changes count from the next join on. */
  readonly addresses: () => AddressRules;
  readonly metrics: CallMetrics;
  /** Default: the process's own clock. */
  readonly clock?: Clock;
}

/** The calls of this process, ready to take plugin events. `close()` closes `media` too. */
export function createCallService(deps: CallServiceDeps): CallService {
  return {
    handle: (event) => deps.log.debug({ type: event.type }, 'Received event'),
    sessionsOf: () => 'group not found',
    counts: () => {
      const none = { voice: 0, screen: 0, screenAudio: 0, video: 0 };
      return { calls: 0, sessions: 0, sessionsByGroup: {}, tracks: { in: none, out: none } };
    },
    close: () => deps.media.close(),
  };
}
