/** Pure: what is said of a call while it lasts. */

/** What was seen of it just now. */
export interface Seen {
  readonly people: number;
  /** How long the call is to last, and how long it has. */
  readonly seconds: number;
  readonly passedS: number;
  /** A sentence for everything that is not as it should be. */
  readonly wrong: readonly string[];
}

/** `16 of 60 s: everybody hears everybody`. */
export function inCallLine({ people, seconds, passedS, wrong }: Seen): string {
  const when = `${Math.min(Math.round(passedS), seconds)} of ${seconds} s`; // The last look ends a little late.
  if (wrong.length > 0) return `${when}: ${wrong.join('; ')}`;
  return `${when}: ${people === 1 ? 'one is in the call, alone' : 'everybody hears everybody'}`;
}
