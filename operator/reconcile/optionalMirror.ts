/** A mirror of a kind that may not be there: nobody waits for it, and it is asked for only when somebody wants it. */
import type { KubeApi, Resource, Selection } from '../kube/api.ts';
import { sleep, type Clock } from '../kube/clock.ts';
import { ForbiddenError, NotFoundError } from '../kube/errors.ts';
import type { Reflector } from '../kube/reflector.ts';
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
  /** Fills the store once the kind is known to be there. */
  readonly reflector: Reflector;
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
  const become = (now: Availability): void => {
    if (now === availability) return;
    deps.log.info({ kind: deps.resource.kind, availability: now }, 'Looked for optional kind');
    availability = now;
    deps.onChange();
  };
  const look = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      const found = await availabilityOf(deps);
      if (found === 'Served') {
        deps.reflector.start();
        await deps.reflector.synced;
      }
      if (found !== 'Unknown') become(found);
      if (found === 'Served') return;
      await sleep(deps.clock, found === 'Unknown' ? failedMs : retryMs, abort.signal);
    }
  };
  return {
    store: deps.store,
    want() {
      looking ??= look();
      return availability;
    },
    async close() {
      abort.abort();
      await deps.reflector.close();
    },
  };
}

async function availabilityOf({ kube, resource, selection, log }: OptionalMirrorDeps): Promise<Availability> {
  try {
    await kube.list(resource, { ...selection, limit: 1 });
    return 'Served';
  } catch (error) {
    if (error instanceof NotFoundError) return 'NotServed';
    if (error instanceof ForbiddenError) return 'Forbidden';
    log.debug({ kind: resource.kind, err: error }, 'Could not look for optional kind');
    return 'Unknown';
  }
}
