/** One WATCH of one process: events in order, late, twice, or not at all. */
import type { KubeApi, KubeObject, Resource, WatchEvent } from '../../../operator/kube/api.ts';
import { UnavailableError } from '../../../operator/kube/errors.ts';
import type { Change } from './apiServer.ts';
import type { SimClientDeps } from './connection.ts';
import { isSelected } from './objects.ts';
import { fateOfEvent, type EventFate } from './weather.ts';

/** What is watched. */
export interface WatchRequest {
  readonly resource: Resource;
  readonly selection: Parameters<KubeApi['watch']>[1];
  readonly signal: AbortSignal;
}

type Item = WatchEvent | { readonly end: Error | undefined };

/** How often the server tells how far it is. */
const bookmarkMs = 60_000;

/** Ends when the server closes it; throws when it breaks; stays silent for ever when it is half open. */
export async function* simWatch(deps: SimClientDeps, request: WatchRequest): AsyncGenerator<WatchEvent> {
  const stream = new Stream(deps, request);
  try {
    for (;;) {
      const item = await stream.next();
      if (!('end' in item)) yield item;
      else if (item.end === undefined) return;
      else throw item.end;
    }
  } finally {
    stream.close();
  }
}

class Stream {
  readonly #deps: SimClientDeps;
  readonly #request: WatchRequest;
  readonly #items: Item[] = [];
  readonly #stop: (() => void)[] = [];
  #wake: (() => void) | undefined;
  #lastDueMs = 0;
  #isSilent = false;

  constructor(deps: SimClientDeps, request: WatchRequest) {
    const { time, onRequest, weather } = deps;
    const { resource, selection, signal } = request;
    this.#deps = deps;
    this.#request = request;
    const onAbort = (): void => this.#take({ end: undefined });
    signal.addEventListener('abort', onAbort, { once: true });
    this.#stop.push(() => signal.removeEventListener('abort', onAbort));
    if (weather.isDown) this.#later({ end: broken() });
    else {
      onRequest('watch', resource);
      this.#begin();
      this.#stop.push(time.after(selection.timeoutSeconds * 1000, () => this.#later({ end: undefined })));
    }
  }

  #begin(): void {
    const { server } = this.#deps;
    try {
      for (const change of server.since(Number(this.#request.selection.resourceVersion)))
        this.#onChange(change);
    } catch (error) {
      this.#later({ end: error as Error });
      return;
    }
    this.#stop.push(server.subscribe((change) => this.#onChange(change)));
    this.#bookmarkLater();
  }

  async next(): Promise<Item> {
    while (this.#items.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#items.shift() ?? { end: undefined };
  }

  close(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }

  #onChange(change: Change): void {
    const { resource, selection } = this.#request;
    if (change.resource.plural !== resource.plural || !isSelected(change.object, selection.labelSelector))
      return;
    if (selection.namespace !== undefined && change.object.metadata.namespace !== selection.namespace) return;
    const fate = this.#fate();
    const event: WatchEvent = { type: change.type, object: change.object };
    if (fate === 'halfOpen') this.#isSilent = true;
    else if (fate === 'broken') this.#later({ end: broken() });
    else this.#later(event);
    if (fate === 'repeated') this.#later(event);
  }

  #fate(): EventFate {
    return fateOfEvent(this.#deps.weather, this.#deps.random);
  }

  /** In order, whatever the delay of each. */
  #later(item: Item): void {
    const { time, clock, random, weather } = this.#deps;
    if (this.#isSilent) return;
    this.#lastDueMs = Math.max(this.#lastDueMs, time.nowMs + random.between(1, weather.eventMs));
    time.afterSettling(this.#lastDueMs - time.nowMs, () => {
      if (!clock.isDead) this.#take(item);
    });
  }

  #take(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  #bookmarkLater(): void {
    const { time, server, weather } = this.#deps;
    this.#stop.push(
      time.after(bookmarkMs, () => {
        const object = bookmark(this.#request.resource, server.revision);
        this.#later(weather.isDown ? { end: broken() } : { type: 'BOOKMARK', object });
        this.#bookmarkLater();
      }),
    );
  }
}

function bookmark({ kind }: Resource, revision: number): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: '', resourceVersion: String(revision) } };
}

function broken(): Error {
  return new UnavailableError({ call: 'watch', status: 0, reason: 'BrokenStream', message: 'injected' });
}
