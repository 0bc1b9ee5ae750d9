/**
 * A call's stretch over the workers: a router on each that has sessions of it,
 * and pipes for the tracks that are wanted on another. Sessions of one call may
 * sit anywhere; nobody above notices.
 */
import type { Producer } from 'mediasoup/types';

import { openGround } from './ground.ts';
import { pipeTrack } from './pipe.ts';
import type { Place } from './place.ts';
import type { MediaEvent } from './port.ts';
import type { SessionGround } from './sessionMedia.ts';

/** What a span is made on. */
export interface CallSpanDeps {
  /** The place for one more session; `held` are those that have some already. */
  readonly choose: (held: ReadonlySet<Place>) => Place;
  readonly report: (event: MediaEvent) => void;
  /** Its sessions are nobody's. Default: people's. */
  readonly isProbe?: boolean;
}

/** What a call has on one worker. */
interface Part {
  readonly place: Place;
  readonly sessions: Set<string>;
  readonly ground: Promise<SessionGround>;
  /** Tracks that come from other parts, by ID: one pipe for each, however many want it. */
  readonly pipes: Map<string, Promise<void>>;
  /** Tells the place that nothing of the call is left there. */
  readonly release: () => void;
}

/** The places of one call. */
export class CallSpan {
  readonly #deps: CallSpanDeps;
  readonly #parts = new Map<Place, Part>();
  /** Where each track comes in. */
  readonly #origins = new Map<string, Part>();

  constructor(deps: CallSpanDeps) {
    this.#deps = deps;
  }

  /** Places a session. Rejects when the worker is not up. */
  enter(sessionID: string): Promise<SessionGround> {
    this.leave(sessionID);
    const place = this.#deps.choose(new Set(this.#parts.keys()));
    const part = this.#parts.get(place) ?? this.#open(place);
    part.sessions.add(sessionID);
    return part.ground;
  }

  /** Takes a session out; with the last one on a worker goes the router there, and every pipe to it. */
  leave(sessionID: string): void {
    for (const part of [...this.#parts.values()])
      if (part.sessions.delete(sessionID) && part.sessions.size === 0) this.#close(part);
  }

  /** Leaves every worker. */
  close(): void {
    for (const part of [...this.#parts.values()]) this.#close(part);
  }

  #open(place: Place): Part {
    const [sessions, pipes] = [new Set<string>(), new Map<string, Promise<void>>()];
    const ground = place.worker.current().then((worker) =>
      openGround(worker, {
        heard: (tracks) => this.#deps.report({ type: 'levels', tracks }),
        took: (producer) => this.#took(part, producer),
        reach: (producerID) => this.#reach(part, producerID),
      }),
    );
    const release = place.hold({
      isProbe: this.#deps.isProbe ?? false,
      sessions: () => sessions.size,
      pipes: () => pipes.size,
      lost: (reason) => this.#lost(part, reason),
    });
    const part: Part = { place, sessions, pipes, ground, release };
    this.#parts.set(place, part);
    ground.catch(() => this.#forget(part)); // Told by each session that wanted to open; the next one tries again.
    return part;
  }

  #close(part: Part): void {
    this.#forget(part);
    part.ground.then(
      ({ router }) => router.close(),
      () => undefined,
    );
  }

  #lost(part: Part, reason: string): void {
    this.#forget(part);
    this.#deps.report({ type: 'lost', sessionIDs: [...part.sessions], reason });
  }

  #forget(part: Part): void {
    if (this.#parts.get(part.place) === part) this.#parts.delete(part.place);
    part.release();
  }

  #took(part: Part, producer: Producer): void {
    if (producer.closed) return; // Its session left meanwhile: nothing would tell again that it is gone.
    this.#origins.set(producer.id, part);
    producer.observer.once('close', () => this.#origins.delete(producer.id));
  }

  /** Makes a track known on the part's router. One that is nowhere is for `consume` to tell. */
  #reach(part: Part, producerID: string): Promise<void> {
    const origin = this.#origins.get(producerID);
    if (origin === undefined || origin === part) return Promise.resolve();
    const known = part.pipes.get(producerID);
    if (known !== undefined) return known;
    const end = (): void => void part.pipes.delete(producerID);
    const pipe = Promise.all([origin.ground, part.ground]).then(([from, to]) =>
      pipeTrack(producerID, { from: from.router, to: to.router }, end),
    );
    part.pipes.set(producerID, pipe);
    pipe.catch(end);
    return pipe;
  }
}
