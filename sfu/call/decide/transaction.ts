/** One decision in the making: the state it started from, what it changed, what it asks for. Lives for one event. */
import type { MediaCommand } from '../../media/port.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import type { Effect } from '../effects.ts';
import type { Context, TimerName } from '../events.ts';
import type { CallTiming } from '../metrics.ts';
import type { Call, ScreenShare, Session, Track } from '../state.ts';

/** The next state and what is to be done. */
export interface Decision {
  readonly call: Call;
  readonly effects: readonly Effect[];
}

/** Collects a decision. Seen from outside `decide`, nothing is ever changed in place. */
export class Transaction {
  readonly context: Context;
  readonly #before: Call;
  readonly #effects: Effect[] = [];
  #sessions: Map<string, Session> | undefined;
  #tracks: Map<string, Track> | undefined;
  #screen: ScreenShare | null;
  readonly #toNegotiate = new Set<string>();

  constructor(call: Call, context: Context) {
    this.#before = call;
    this.#screen = call.screen;
    this.context = context;
  }

  /** The call as decided so far. */
  get call(): Call {
    return {
      ...this.#before,
      sessions: this.#sessions ?? this.#before.sessions,
      tracks: this.#tracks ?? this.#before.tracks,
      screen: this.#screen,
    };
  }

  /** A session as decided so far. */
  session(sessionID: string): Session | undefined {
    return (this.#sessions ?? this.#before.sessions).get(sessionID);
  }

  /** Adds or replaces a session. */
  put(session: Session): Session {
    this.#sessions ??= new Map(this.#before.sessions);
    this.#sessions.set(session.config.sessionID, session);
    return session;
  }

  /** Replaces fields of a session that is there; returns it as it is then. */
  update(sessionID: string, change: Partial<Session>): Session {
    const session = this.session(sessionID);
    if (session === undefined) throw new Error(`no session ${sessionID}`);
    return this.put({ ...session, ...change });
  }

  /** Takes a session out. */
  remove(sessionID: string): void {
    this.#sessions ??= new Map(this.#before.sessions);
    this.#sessions.delete(sessionID);
  }

  /** Adds a track of a session. */
  addTrack(track: Track): void {
    this.#tracks ??= new Map(this.#before.tracks);
    this.#tracks.set(track.producerID, track);
  }

  /** Takes a track out. */
  removeTrack(producerID: string): void {
    this.#tracks ??= new Map(this.#before.tracks);
    this.#tracks.delete(producerID);
  }

  /** Says who shares the screen from now on. */
  setScreen(screen: ScreenShare | null): void {
    this.#screen = screen;
  }

  /** What goes towards the client may have changed: looked into when the event has been dealt with. */
  negotiate(sessionID: string): void {
    this.#toNegotiate.add(sessionID);
  }

  /** The same for every session. */
  negotiateAll(): void {
    for (const sessionID of this.call.sessions.keys()) this.#toNegotiate.add(sessionID);
  }

  /** Sessions to look into, as long as they are there. */
  toNegotiate(): string[] {
    return [...this.#toNegotiate].filter((sessionID) => this.session(sessionID) !== undefined);
  }

  /** Asks media. */
  media(command: MediaCommand): void {
    this.#effects.push({ type: 'media', command });
  }

  /** Sends to the plugin connection that owns the session, or to the one that is named. */
  send(session: Session, message: ServerMessage, connID = session.connID): void {
    this.#effects.push({ type: 'send', connID, message });
  }

  /** Starts or restarts a timer of a session. */
  startTimer(sessionID: string, timer: TimerName, delayMs: number): void {
    this.#effects.push({ type: 'startTimer', sessionID, timer, delayMs });
  }

  /** Cancels a timer of a session. */
  cancelTimer(sessionID: string, timer: TimerName): void {
    this.#effects.push({ type: 'cancelTimer', sessionID, timer });
  }

  /** Notes seconds that have passed since a time. */
  timing(timing: CallTiming, sinceMs: number): void {
    this.effect({ type: 'timing', timing, value: (this.context.nowMs - sinceMs) / 1000 });
  }

  /** A line in the log. `reason` among the fields says why, in the words that were found first. */
  log(level: 'debug' | 'info' | 'warn', text: string, fields: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ type: 'log', level, text, fields });
  }

  /** Anything else. */
  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** The decision. */
  done(): Decision {
    return { call: this.call, effects: this.#effects };
  }
}
