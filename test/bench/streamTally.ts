/** One received stream, counted by sequence numbers (RFC 3550 A.1); cheap, since it runs for every packet. */
import { extendSequence } from '../../demo/bots/reception.ts';

/** Counts since `open`. */
export interface StreamCounts {
  readonly packets: number;
  /** Sequence numbers between the first and the highest that did not come. */
  readonly lost: number;
}

/** Of one sender at one receiver. */
export class StreamTally {
  #highest: number | undefined;
  #first: number | undefined;
  #packets = 0;

  /** Begins to count afresh. */
  open(): void {
    this.#first = undefined;
    this.#packets = 0;
  }

  /** A packet that is no duplicate. */
  take(sequenceNumber: number): void {
    const extended = extendSequence(sequenceNumber, this.#highest);
    this.#first ??= extended;
    if (extended < this.#first) return; // It was sent before the window.
    if (this.#highest === undefined || extended > this.#highest) this.#highest = extended;
    this.#packets += 1;
  }

  read(): StreamCounts {
    const due = this.#first === undefined ? 0 : this.#highest! - this.#first + 1;
    return { packets: this.#packets, lost: Math.max(0, due - this.#packets) };
  }
}
