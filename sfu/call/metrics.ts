/** What calls tell the metrics: plain values, named after the `rtcd_rtc_*` series (wire spec 8). */

import type { Limit } from './limits.ts';

/** A value for a histogram, labelled by the group (the authenticated client). */
export type CallTiming =
  /** Seconds from join to a connected transport. */
  | 'connectionTime'
  /** Seconds from the first offer of a client to our answer: the server's share of a join. */
  | 'joinTime'
  /** Seconds from the first answer to an open data channel. */
  | 'dcOpenTime'
  /** Seconds that the server waited for a session's signaling lock. */
  | 'lockGrabTime'
  /** Seconds that a signaling lock was held, by either side. */
  | 'lockLockedTime'
  /** 0 to 1, as the client reports it. */
  | 'clientLossRate'
  /** Seconds, as the client reports it. */
  | 'clientRtt'
  /** Seconds, as the client reports it. */
  | 'clientJitter';

/** `type` of `rtcd_rtc_errors_total`. */
export type CallError = 'signaling' | 'ice' | 'rtp' | 'track' | 'signaling_lock_timeout';

/** `type` of `rtcd_rtc_conn_states_total`. */
export type ConnectionState = 'connected' | 'disconnected' | 'failed' | 'closed';

/** `cause` of `rtc_sfu_ice_failures_total`: why a session has no path to its client. */
export type IceFailure =
  /** The path never came up: a firewall, or an address that clients cannot reach. */
  | 'never_connected'
  /** It was up and did not come back. */
  | 'lost'
  /** The path was there, the keys could not be agreed on. */
  | 'dtls'
  /** The server could not open its end. */
  | 'server';

/** Implemented by `ops/metrics.ts`. Never throws. */
export interface CallMetrics {
  timing(groupID: string, timing: CallTiming, value: number): void;
  error(groupID: string, error: CallError): void;
  connection(state: ConnectionState): void;
  iceFailure(cause: IceFailure): void;
  /** Something was refused, left out or slowed down because of a limit. */
  limited(groupID: string, limit: Limit): void;
}
