/** A mirror of a kind that may not be there: nobody waits for it, and it is asked for only when somebody wants it. */
import type { KubeApi, Resource, Selection } from '../kube/api.ts';
import { sleep, type Clock } from '../kube/clock.ts';
import { ForbiddenError, NotFoundError } from '../kube/errors.ts';
import type { Reflector, ReflectorDeps } from '../kube/reflector.ts';
import type { Store, StoreReader } from '../kube/store.ts';
import type { Log } from '../ops/logger.ts';

/** Whether a kind can be used; Unknown until that was asked. */
export type Availability = 'Unknown' | 'NotServed' | 'Forbidden' | 'Served';

/** What a reconcile sees of it. */
export interface OptionalReader {
  readonly store: StoreReader;
  /** Starts to look for it; without that no request is ever sent. */
  want(): Availability;
}

/** See the file comment. */
export interface OptionalMirror extends OptionalReader {
  readonly store: Store;
  /** What fills the store right now; undefined while the kind is out of reach. */
  reflector(): Reflector | undefined;
  close(): Promise<void>;
}

/** What one is made of. */
export interface OptionalMirrorDeps {
  readonly kube: Pick<KubeApi, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly resource: Resource;
  readonly selection: Selection;
  readonly store: Store;
  /** Makes what fills the store while the kind is there. */
  readonly reflect: (onRefused: NonNullable<ReflectorDeps['onRefused']>) => Reflector;
  /** Called when the availability changed. */
  readonly onChange: () => void;
}

/** How soon a kind that was not there is looked for again: somebody may install it. */
const retryMs = 60_000;
/** The same after a failure that says nothing about it. */
const failedMs = 5_000;

/** A mirror that does nothing before it is wanted. */
export function createOptionalMirror(deps: OptionalMirrorDeps): OptionalMirror {
  const abort = new AbortController();
  let availability: Availability = 'Unknown';
  let looking: Promise<void> | undefined;
  let current: Reflector | undefined;
  const keep = (reflector: Reflector | undefined): void => void (current = reflector);
  const become = (now: Availability): void => {
    if (now === availability) return;
    deps.log.info({ kind: deps.resource.kind, availability: now }, 'Looked for optional kind');
    availability = now;
    // What is out of reach must not look as if it were there, or were not wanted any more.
    if (now !== 'Served') deps.store.replaceAll([]);
    tell(deps);
  };
  const look = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      let found = await availabilityOf(deps);
      if (found === 'Served') found = await mirrorWhileServed(deps, { signal: abort.signal, become, keep });
      if (found !== 'Unknown') become(found);
      await sleep(deps.clock, found === 'Unknown' ? failedMs : retryMs, abort.signal);
    }
  };
  return {
    store: deps.store,
    reflector: () => current,
    want() {
      looking ??= look();
      return availability;
    },
    async close() {
      abort.abort();
      await looking;
    },
  };
}

/** As with the listeners of a store: one that throws disturbs nobody. */
function tell({ onChange, log }: OptionalMirrorDeps): void {
  try {
    onChange();
  } catch (error) {
    log.error({ err: error }, 'A listener of a store failed');
  }
}

interface Mirroring {
  readonly signal: AbortSignal;
  readonly become: (now: Availability) => void;
  readonly keep: (reflector: Reflector | undefined) => void;
}

/** Until it is there no more, or the mirror is closed (Unknown). */
async function mirrorWhileServed(
  { reflect }: OptionalMirrorDeps,
  { signal, become, keep }: Mirroring,
): Promise<Availability> {
  const end = Promise.withResolvers<Availability>();
  const stop = (): void => end.resolve('Unknown');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const reflector = reflect((error) => end.resolve(lackOf(error) ?? 'Unknown'));
  keep(reflector);
  reflector.start();
  void reflector.synced.then(() => become('Served'));
  const why = await end.promise;
  signal.removeEventListener('abort', stop);
  keep(undefined);
  await reflector.close();
  return why;
}

async function availabilityOf({ kube, resource, selection, log }: OptionalMirrorDeps): Promise<Availability> {
  try {
    await kube.list(resource, { ...selection, limit: 1 });
    return 'Served';
  } catch (error) {
    const lack = lackOf(error);
    if (lack === undefined)
      log.debug({ kind: resource.kind, err: error }, 'Could not look for optional kind');
    return lack ?? 'Unknown';
  }
}

/** What an error says about the kind; undefined: nothing. */
function lackOf(error: unknown): Availability | undefined {
  if (error instanceof NotFoundError) return 'NotServed';
  return error instanceof ForbiddenError ? 'Forbidden' : undefined;
}
