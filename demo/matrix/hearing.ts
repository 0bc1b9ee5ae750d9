/** What every participant can tell of what it heard, page or bot alike. Plain data. */

import type { Way } from './way.ts';

/** How far a tone stood out, in dB over the noise around it. */
export interface ToneLevel {
  readonly toneHz: number;
  readonly overFloorDb: number;
}

/** One received voice since the window was opened. */
export interface HeardVoice {
  readonly packets: number;
  readonly lost: number;
  readonly tones: readonly ToneLevel[];
  /** One-way times of stamped packets; empty where the far end cannot stamp or this end cannot read. */
  readonly delaysMs: readonly number[];
  /** Average delay in the jitter buffer; a bot has none. */
  readonly jitterBufferMs?: number;
}

/** One participant's ears. */
export interface Hearing {
  readonly name: string;
  /** The tone that is in this participant's own voice. */
  readonly toneHz: number;
  /** To the SFU and back, where a browser measured it. */
  readonly roundTripMs?: number;
  readonly voices: readonly HeardVoice[];
}

/** Whoever can be asked what it heard. */
export interface Listener {
  readonly name: string;
  /** How many voices of others reach it. */
  voices(): Promise<number>;
  /** Starts counting afresh. */
  openWindow(): Promise<void>;
  hear(tonesHz: readonly number[]): Promise<Hearing>;
  /** Undefined before media flows. */
  way(): Promise<Way | undefined>;
}
