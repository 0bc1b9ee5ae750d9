/** What must not be lost while a page's connection is away: a socket takes words for some time after nobody hears them. */
import type { ToPage } from './pageMessages.ts';

/** For each session: what was taken of its page, and what waits for it. */
export class Mailbox {
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, ToPage[]>();

  /** False for a message that was taken before: a page says again what it does not know to be taken. Those without a number are not said again. */
  takes(sessionID: string, number: number | undefined): boolean {
    if (number === undefined) return true;
    if (number <= (this.#taken.get(sessionID) ?? 0)) return false;
    this.#taken.set(sessionID, number);
    return true;
  }

  /** Keeps a message for a page that is away. */
  keep(sessionID: string, message: ToPage): void {
    const waiting = this.#waiting.get(sessionID);
    if (waiting === undefined) this.#waiting.set(sessionID, [message]);
    else waiting.push(message);
  }

  /** What was kept, in order; it is kept no longer. */
  collect(sessionID: string): readonly ToPage[] {
    const waiting = this.#waiting.get(sessionID) ?? [];
    this.#waiting.delete(sessionID);
    return waiting;
  }

  /** The session has ended. */
  forget(sessionID: string): void {
    this.#taken.delete(sessionID);
    this.#waiting.delete(sessionID);
  }
}
