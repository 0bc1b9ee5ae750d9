/** Pure: bounds on what one client, one call and the whole process may hold; 0 = none (wire spec 7.0). */

/** The bounds. A join beyond them is answered with `close` at once: the wire has no error for it. */
export interface CallLimits {
  /** Sessions in this process. */
  readonly sessions: number;
  readonly sessionsPerCall: number;
  readonly sessionsPerClient: number;
  readonly callsPerClient: number;
  /** Tracks that one session may send. */
  readonly tracksPerSession: number;
  /** Messages that one session may send on its data channel, in a second; bursts of four times as many. */
  readonly dataMessagesPerSecond: number;
}

/** What is there when somebody wants to join. */
export interface Occupancy {
  readonly sessions: number;
  readonly inCall: number;
  readonly ofClient: number;
  readonly callsOfClient: number;
}

/** `limit` of `rtc_sfu_limited_total`. */
export type Limit = 'sessions' | 'calls' | 'tracks' | 'connections' | 'messages' | 'data';

/** A join that a limit forbids. */
export interface JoinRefusal {
  readonly limit: Limit;
  /** Names the setting. */
  readonly reason: string;
}

/** Which limit a join would break, and the words for it; undefined when it breaks none. */
export function joinRefusal(limits: CallLimits, now: Occupancy): JoinRefusal | undefined {
  const rules: readonly (readonly [limit: Limit, have: number, most: number, what: string])[] = [
    ['sessions', now.sessions, limits.sessions, 'sessions (rtc.max_concurrent_sessions)'],
    ['sessions', now.inCall, limits.sessionsPerCall, 'sessions in a call (rtc.max_call_participants)'],
    ['sessions', now.ofClient, limits.sessionsPerClient, 'sessions of a client (limits.sessions_per_client)'],
    [
      'calls',
      now.inCall === 0 ? now.callsOfClient : 0,
      limits.callsPerClient,
      'calls of a client (limits.calls_per_client)',
    ],
  ];
  const broken = rules.find(([, have, most]) => most > 0 && have >= most);
  if (broken === undefined) return undefined;
  const [limit, , most, what] = broken;
  return { limit, reason: `limit of ${most} ${what} is reached` };
}

/** None. */
export const noLimits: CallLimits = {
  sessions: 0,
  sessionsPerCall: 0,
  sessionsPerClient: 0,
  callsPerClient: 0,
  tracksPerSession: 0,
  dataMessagesPerSecond: 0,
};
