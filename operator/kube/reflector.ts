/**
 * Keeps a store equal to one kind on the server: a paged consistent LIST, then
 * WATCH after WATCH from where the last one ended. Never gives up, never throws:
 * what went wrong is logged, counted and tried again after a back-off.
 */
import type { KubeApi, KubeObject, ListPage, Resource, Selection, WatchEvent } from './api.ts';
import { backoffMs, watchBackoff } from './backoff.ts';
import { type Clock, sleep } from './clock.ts';
import { ForbiddenError, NotFoundError } from './errors.ts';
import { afterWatch, type RelistReason, type WatchEnd } from './watchEnd.ts';
import type { Store } from './store.ts';
import { type Trim, trimMetadata } from './trim.ts';
import { startWatchdog } from './watchdog.ts';
import type { Log } from '../ops/logger.ts';

/** Called as things happen; must not throw. */
export interface ReflectorObserver {
  onRelist?(reason: RelistReason, resource: Resource): void;
  onWatchEnd?(reason: string, resource: Resource): void;
}

/** What a reflector is made of. */
export interface ReflectorDeps {
  readonly kube: Pick<KubeApi, 'list' | 'watch'>;
  readonly resource: Resource;
  readonly selection?: Selection;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Applied to every object before it is kept. Default `trimMetadata`. */
  readonly trim?: Trim;
  /** Silence, bookmarks included, after which a watch counts as dead. Default 90,000: bookmarks come about once a minute. */
  readonly watchdogMs?: number;
  /** Objects at a time. Default 100: pages of several kinds are in memory untrimmed at once, and Node gives little of that back. */
  readonly pageSize?: number;
  readonly observer?: ReflectorObserver;
  /** Called when a list was answered with that we may not, or that there is no such kind. */
  readonly onRefused?: (error: ForbiddenError | NotFoundError) => void;
}

/** A running mirror. */
export interface Reflector {
  readonly resource: Resource;
  start(): void;
  /** True once a whole list has been in the store. */
  hasSynced(): boolean;
  /** Resolves when `hasSynced` becomes true; never, if closed before. */
  readonly synced: Promise<void>;
  /** Whether the server's last answer was that we may not list this kind: then the store may be old, or empty. */
  isRefused(): boolean;
  /** Resolves when a list was had or refused, for kinds that one can do without. */
  readonly settled: Promise<void>;
  /** Milliseconds since the server last told us anything; undefined before it did. */
  lastEventAgeMs(): number | undefined;
  /** Milliseconds since we last asked or heard anything: small while this lives, whatever the server does. */
  idleMs(): number;
  /** Idempotent. Resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** Shorter than etcd's compaction, longer than a reconnect is worth: as client-go does, at random. */
const watchTimeout = { minSeconds: 300, spreadSeconds: 300 };

/** A reflector that begins at `start()`. */
export function createReflector(deps: ReflectorDeps): Reflector {
  return new StoreReflector(deps);
}

class StoreReflector implements Reflector {
  readonly resource: Resource;
  readonly synced: Promise<void>;
  readonly settled: Promise<void>;
  readonly #deps: ReflectorDeps;
  readonly #log: Log;
  readonly #abort = new AbortController();
  readonly #resolveSynced: () => void;
  readonly #resolveSettled: () => void;
  #loop: Promise<void> | undefined;
  #isSynced = false;
  #isRefused = false;
  #lastEventMs: number | undefined;
  /** When we last asked or heard anything. */
  #signOfLifeMs: number;
  /** Where the next watch begins; undefined: list first. */
  #resourceVersion: string | undefined;
  #relistReason: RelistReason = 'start';
  #failures = 0;

  constructor(deps: ReflectorDeps) {
    const synced = Promise.withResolvers<undefined>();
    const settled = Promise.withResolvers<undefined>();
    this.#deps = deps;
    this.resource = deps.resource;
    this.#log = deps.log.child({ kind: deps.resource.kind });
    this.synced = synced.promise;
    this.settled = settled.promise;
    this.#resolveSynced = () => synced.resolve(undefined);
    this.#resolveSettled = () => settled.resolve(undefined);
    this.#signOfLifeMs = deps.clock.monotonicMs();
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  hasSynced(): boolean {
    return this.#isSynced;
  }

  isRefused(): boolean {
    return this.#isRefused;
  }

  lastEventAgeMs(): number | undefined {
    return this.#lastEventMs === undefined ? undefined : this.#deps.clock.monotonicMs() - this.#lastEventMs;
  }

  idleMs(): number {
    return this.#deps.clock.monotonicMs() - this.#signOfLifeMs;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      this.#signOfLifeMs = this.#deps.clock.monotonicMs();
      const pauseMs = this.#resourceVersion === undefined ? await this.#list() : await this.#watch();
      await sleep(this.#deps.clock, pauseMs, this.#abort.signal);
    }
  }

  /** One LIST; returns how long to pause. */
  async #list(): Promise<number> {
    try {
      this.#deps.observer?.onRelist?.(this.#relistReason, this.resource);
      const { items, resourceVersion } = await this.#allPages();
      if (this.#abort.signal.aborted) return 0;
      this.#log.debug({ reason: this.#relistReason, count: items.length }, 'Listed');
      this.#deps.store.replaceAll(items);
      this.#heard(resourceVersion);
      this.#isSynced = true;
      this.#isRefused = false;
      this.#resolveSynced();
      this.#resolveSettled();
      return 0;
    } catch (error) {
      if (error instanceof ForbiddenError) this.#refused();
      if (error instanceof ForbiddenError || error instanceof NotFoundError) this.#deps.onRefused?.(error);
      return this.#backOff(error, 'Could not list');
    }
  }

  /** Objects are trimmed page by page, so that the whole list is never in memory untrimmed. */
  async #allPages(): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const { kube, resource, selection, trim = trimMetadata, pageSize = 100 } = this.#deps;
    const items: KubeObject[] = [];
    let page: ListPage | undefined;
    do {
      const next = page === undefined ? {} : { continueToken: page.continueToken };
      page = await kube.list(resource, { ...selection, limit: pageSize, ...next });
      items.push(...page.items.map(trim));
      this.#signOfLifeMs = this.#deps.clock.monotonicMs();
    } while (page.continueToken !== '' && !this.#abort.signal.aborted);
    return { items, resourceVersion: page.resourceVersion };
  }

  /** One WATCH until it ends; returns how long to pause. */
  async #watch(): Promise<number> {
    const startedMs = this.#deps.clock.monotonicMs();
    const { end, events } = await this.#watchUntilEnd();
    if (this.#abort.signal.aborted) return 0;
    const livedMs = this.#deps.clock.monotonicMs() - startedMs;
    const next = afterWatch({ ...end, livedMs, events, failuresBefore: this.#failures });
    this.#deps.observer?.onWatchEnd?.(next.reason, this.resource);
    if (next.relist !== undefined) {
      this.#resourceVersion = undefined;
      this.#relistReason = next.relist;
    }
    this.#failures = next.failures;
    if (next.failures > 0) return this.#pauseAfter(end.error, next.reason);
    this.#log.debug({ reason: next.reason, livedMs }, 'Watch ended');
    return 0;
  }

  async #watchUntilEnd(): Promise<{ end: WatchEnd; events: number }> {
    const { kube, resource, selection, clock, watchdogMs = 90_000 } = this.#deps;
    const watchdog = startWatchdog({ clock, limitMs: watchdogMs, parent: this.#abort.signal });
    const timeoutSeconds = Math.round(watchTimeout.minSeconds + watchTimeout.spreadSeconds * clock.random());
    const from = { ...selection, resourceVersion: this.#resourceVersion ?? '', timeoutSeconds };
    let events = 0;
    try {
      for await (const event of kube.watch(resource, from, watchdog.signal)) {
        watchdog.touch();
        events += 1;
        this.#take(event);
      }
      return { end: { kind: watchdog.hasBitten() ? 'silent' : 'closed' }, events };
    } catch (error) {
      return { end: watchdog.hasBitten() ? { kind: 'silent' } : { kind: 'failed', error }, events };
    } finally {
      watchdog.stop();
    }
  }

  #take(event: WatchEvent): void {
    const { store, trim = trimMetadata } = this.#deps;
    if (event.type === 'DELETED') store.remove(trim(event.object));
    else if (event.type !== 'BOOKMARK') store.upsert(trim(event.object));
    this.#heard(event.object.metadata.resourceVersion);
  }

  #heard(resourceVersion: string | undefined): void {
    this.#resourceVersion = resourceVersion ?? this.#resourceVersion;
    this.#signOfLifeMs = this.#lastEventMs = this.#deps.clock.monotonicMs();
  }

  /** Nothing will be heard of it, and nobody is to wait for that. */
  #refused(): void {
    this.#isRefused = true;
    this.#lastEventMs = undefined;
    this.#resolveSettled();
  }

  #backOff(error: unknown, message: string): number {
    this.#failures += 1;
    return this.#pauseAfter(error, message);
  }

  #pauseAfter(error: unknown, message: string): number {
    const { clock } = this.#deps;
    const pauseMs = Math.max(backoffMs(watchBackoff, this.#failures, clock.random()), askedPauseMs(error));
    this.#log.warn({ err: error, failures: this.#failures, retryInMs: Math.round(pauseMs) }, message);
    return pauseMs;
  }
}

function askedPauseMs(error: unknown): number {
  const asked = (error as { readonly retryAfterMs?: unknown } | undefined)?.retryAfterMs;
  return typeof asked === 'number' ? Math.min(asked, watchBackoff.maxMs) : 0;
}
