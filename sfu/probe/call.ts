/** One call of two over one path: does it come about, how soon, and how much of it is lost? */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bot, type Description } from './bot.ts';
import { callNameOf } from './callName.ts';
import type { Path, PathResult } from './report.ts';
import { lossPercent, numberOf } from './speech.ts';
import { type Door, openWire, type Wire } from './wire.ts';

/** How long things may take. */
export interface CallTimes {
  /** From the join to the first packet heard. Default 5,000. */
  readonly joinMs: number;
  /** Speech that loss is measured on. Default 1,000. */
  readonly speechMs: number;
}

/** See `CallTimes`. */
export const defaultTimes: CallTimes = { joinMs: 5_000, speechMs: 1_000 };

/** Between two packets. */
const packetMs = 20;
/** For packets that are under way when the last one is sent. */
const stragglerMs = 300;
/** More than a network that carries speech loses. */
const mostLossPercent = 25;

/** Never rejects. */
export async function callOver(path: Path, door: Door, times = defaultTimes): Promise<PathResult> {
  const call = new ProbeCall(path);
  try {
    await call.begin(door, times.joinMs);
    const joinMs = await call.heardFirst(times.joinMs);
    const lost = await call.measure(times.speechMs);
    const isLossy = lost > mostLossPercent;
    const figures = { ...path, joinMs, lossPercent: lost };
    return isLossy
      ? { ...figures, ok: false, message: `${lost} % of the packets were lost` }
      : { ...figures, ok: true };
  } catch (error) {
    return { ...path, ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    call.end();
  }
}

class ProbeCall {
  readonly #path: Path;
  readonly #callID: string;
  readonly #bots = new Map<string, Bot>();
  readonly #heard = new Set<number>();
  readonly #first = Promise.withResolvers<number>();
  readonly #startedMs = performance.now();
  #wire: Wire | undefined;
  #talk: NodeJS.Timeout | undefined;
  #said = 0;

  constructor(path: Path) {
    this.#path = path;
    this.#callID = callNameOf(path.worker, randomBytes(8).toString('hex'));
    this.#first.promise.catch(() => undefined); // Whoever waits for it is told.
  }

  async begin(door: Door, timeoutMs: number): Promise<void> {
    const described = (sessionID: string, description: Description): void =>
      this.#bots.get(sessionID)?.take(description);
    const ended = (reason: string): void => this.#first.reject(new Error(reason));
    const wire = await openWire(door, { described, ended }, timeoutMs);
    this.#wire = wire;
    this.#enter(wire, 'listener');
    this.#enter(wire, 'talker', randomInt(1, 2 ** 32));
    wire.unmute(this.#idOf('talker'));
    this.#talk = setInterval(() => this.#speak(), packetMs);
  }

  /** Resolves to the milliseconds since the start. */
  heardFirst(timeoutMs: number): Promise<number> {
    const late = sleep(timeoutMs, undefined, { ref: false }).then(() => {
      throw new Error(this.#whatIsMissing(timeoutMs));
    });
    return Promise.race([this.#first.promise, late]);
  }

  /** Resolves to the share of the packets that were lost, 0 to 100. */
  async measure(speechMs: number): Promise<number> {
    const first = this.#said;
    await sleep(speechMs);
    const last = this.#said - 1;
    await sleep(stragglerMs);
    return lossPercent(this.#heard, first, last);
  }

  end(): void {
    clearInterval(this.#talk);
    for (const [sessionID, bot] of this.#bots) {
      bot.close();
      this.#wire?.leave(sessionID);
    }
    this.#wire?.close();
  }

  #enter(wire: Wire, role: 'talker' | 'listener', voice?: number): void {
    const sessionID = this.#idOf(role);
    wire.join(this.#callID, sessionID);
    const bot = new Bot({
      name: sessionID,
      path: this.#path,
      ...(voice !== undefined && { voice }),
      send: (description) => wire.send(sessionID, description),
      hear: (packet) => this.#hear(packet),
      onFailed: (reason) => this.#first.reject(new Error(`the connection of the ${role} failed: ${reason}`)),
    });
    this.#bots.set(sessionID, bot);
  }

  #idOf(role: string): string {
    return `${this.#callID}-${role}`;
  }

  #speak(): void {
    if (this.#bots.get(this.#idOf('talker'))?.say(this.#said) === true) this.#said += 1;
  }

  #hear(packet: Uint8Array): void {
    const number = numberOf(packet);
    if (number === undefined) return;
    this.#heard.add(number);
    this.#first.resolve(Math.round(performance.now() - this.#startedMs));
  }

  #whatIsMissing(timeoutMs: number): string {
    const isConnected = [...this.#bots.values()].every((bot) => bot.isConnected());
    const seconds = `${timeoutMs / 1000} s`;
    return isConnected
      ? `connected, but nothing was heard within ${seconds}`
      : `no connection within ${seconds}: is the port open in every firewall on the way?`;
  }
}
