/** Everything that can happen to a call. */
import type { MediaEvent } from '../media/port.ts';
import type { RtcMessage } from '../protocol/messages.ts';
import type { AddressRules } from '../sdp/candidates.ts';
import type { SessionConfig } from './service.ts';

/** What runs out. */
export type TimerName =
  /** No offer came after a join. */
  | 'firstOffer'
  /** Our offer was not answered. */
  | 'answer'
  /** The media map should have reached the client: the offer may follow. */
  | 'mediaMap'
  /** The client did not give the signaling lock back. */
  | 'lease'
  /** The client's path never came up after its first offer, or was lost and did not come back. */
  | 'iceGrace';

/** One event of a call. */
export type CallEvent =
  | { readonly type: 'join'; readonly connID: string; readonly config: SessionConfig }
  | { readonly type: 'reconnect'; readonly connID: string; readonly sessionID: string }
  | { readonly type: 'leave'; readonly sessionID: string }
  | { readonly type: 'rtc'; readonly connID: string; readonly message: RtcMessage }
  | { readonly type: 'timerFired'; readonly sessionID: string; readonly timer: TimerName }
  /** Something of ours went wrong, or the server stops. */
  | { readonly type: 'end'; readonly sessionID: string; readonly reason: string }
  | MediaEvent;

/** What an event is decided in: the world as values. */
export interface Context {
  readonly nowMs: number;
  readonly addresses: AddressRules;
  /** Tracks that one session may send; absent = no limit. */
  readonly tracksPerSession?: number;
}
