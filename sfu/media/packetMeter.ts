/**
 * Counts packets. mediasoup tells them for each track alone, so the tracks are
 * asked in turn, with pauses in which packets have the worker for themselves: in a large call the count is
 * true with a delay, and the last packets before a mute come with the unmute.
 * What a track carried between its last answer and its end is not counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Producer } from 'mediasoup/types';

import {
  type Answer,
  type CountedTrack,
  egressBitsPerSecond,
  type Flow,
  grown,
  inTurn,
  noted,
  type Said,
} from './packetTally.ts';
import type { PacketCounts } from './port.ts';

/** A track that can be asked. */
export interface MeteredTrack extends CountedTrack {
  /** Nothing flows on it just now, so there is nothing to ask. */
  isSilent(): boolean;
  /** What it carried. Rejects when it has gone. */
  flow(): Promise<Flow>;
}

/** No question of a round is asked later than this. */
const roundMs = 4_500;

/** After each question, as a multiple of what it took: a tenth of the time at most is spent on asking. */
const restPerQuestion = 9;

/** From one question to the next at least, as far as all of them fit into a round: where the server has but a part of a core, questions close together take what packets need just then. */
const apartMs = 40;

/** What time is to a meter: a monotonic clock, and pauses. */
export interface MeterTime {
  nowMs(): number;
  pause(durationMs: number): Promise<void>;
}

const processTime: MeterTime = {
  nowMs: () => performance.now(),
  pause: (durationMs) => sleep(durationMs, undefined, { ref: false }),
};

/** Asks one track at a time. */
export class PacketMeter {
  readonly #open: () => readonly MeteredTrack[];
  readonly #time: MeterTime;
  #said: Said = new Map();
  #counts: PacketCounts = { in: 0, out: 0 };
  #isAsking = false;

  /** `open` tells the tracks that are open. */
  constructor(open: () => readonly MeteredTrack[], time = processTime) {
    this.#open = open;
    this.#time = time;
  }

  /** Goes on where the last round ended, for four and a half seconds at most. Does nothing while one is under way. Never rejects. */
  async round(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const open = this.#open();
    const answers = await this.#ask(inTurn(open, this.#said));
    const more = grown(this.#said, answers);
    this.#counts = { in: this.#counts.in + more.in, out: this.#counts.out + more.out };
    this.#said = noted(this.#said, answers, open);
    this.#isAsking = false;
  }

  /** Packets so far, as far as they were told. Never falls. */
  counts(): PacketCounts {
    return this.#counts;
  }

  /** What goes to clients now, as far as it was told: seconds late. */
  egressBitsPerSecond(): number {
    return egressBitsPerSecond(
      this.#open().filter((track) => !track.isSilent()),
      this.#said,
    );
  }

  async #ask(tracks: readonly MeteredTrack[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    const endMs = this.#time.nowMs() + roundMs;
    const beatMs = Math.min(apartMs, roundMs / tracks.filter((track) => !track.isSilent()).length);
    for (const track of tracks) {
      if (this.#time.nowMs() >= endMs) break;
      if (track.isSilent()) continue;
      const askedMs = this.#time.nowMs();
      const flow = await track.flow().catch(() => undefined); // Gone meanwhile.
      if (flow !== undefined) answers.push({ id: track.id, direction: track.direction, ...flow });
      const tookMs = this.#time.nowMs() - askedMs;
      await this.#time.pause(Math.max(tookMs * restPerQuestion, beatMs - tookMs));
    }
    return answers;
  }
}

/** A track that comes from a client; in all its layers. */
export function incoming(producer: Producer): MeteredTrack {
  return {
    id: producer.id,
    direction: 'in',
    isSilent: () => producer.closed || producer.paused,
    flow: async () => flowIn(await producer.getStats(), 'inbound-rtp'),
  };
}

/** A track that goes to a client. */
export function outgoing(consumer: Consumer): MeteredTrack {
  return {
    id: consumer.id,
    direction: 'out',
    isSilent: () => consumer.closed || consumer.paused || consumer.producerPaused,
    flow: async () => flowIn(await consumer.getStats(), 'outbound-rtp'),
  };
}

/** A consumer also tells of the producer that it comes from. */
function flowIn(
  stats: readonly { readonly type: string; readonly packetCount: number; readonly bitrate: number }[],
  type: 'inbound-rtp' | 'outbound-rtp',
): Flow {
  const own = stats.filter((one) => one.type === type);
  return {
    packets: own.reduce((sum, { packetCount }) => sum + packetCount, 0),
    bitsPerSecond: own.reduce((sum, { bitrate }) => sum + bitrate, 0),
  };
}
