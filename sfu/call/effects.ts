/** Everything a decision can ask for. Carried out by `actor.ts`, in order. */
import type { MediaCommand } from '../media/port.ts';
import type { ServerMessage } from '../protocol/messages.ts';
import type { TimerName } from './events.ts';
import type { Limit } from './limits.ts';
import type { CallError, CallTiming, ConnectionState, IceFailure } from './metrics.ts';

/** One effect. */
export type Effect =
  | { readonly type: 'media'; readonly command: MediaCommand }
  /** To a plugin connection. */
  | { readonly type: 'send'; readonly connID: string; readonly message: ServerMessage }
  /** Starts or restarts. → `timerFired` */
  | {
      readonly type: 'startTimer';
      readonly sessionID: string;
      readonly timer: TimerName;
      readonly delayMs: number;
    }
  | { readonly type: 'cancelTimer'; readonly sessionID: string; readonly timer: TimerName }
  /** The session is gone: its timers and its place in the registry go too. */
  | { readonly type: 'forget'; readonly sessionID: string }
  | { readonly type: 'timing'; readonly timing: CallTiming; readonly value: number }
  | { readonly type: 'error'; readonly error: CallError }
  | { readonly type: 'connection'; readonly state: ConnectionState }
  | { readonly type: 'iceFailure'; readonly cause: IceFailure }
  /** A limit refused something. */
  | { readonly type: 'limited'; readonly limit: Limit }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn';
      readonly fields: Readonly<Record<string, unknown>>;
      readonly text: string;
    };
