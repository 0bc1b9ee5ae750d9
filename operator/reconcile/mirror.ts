/** A store and what keeps it filled: how every mirror of ours is made. */
import type { KubeApi, Resource, Selection } from '../kube/api.ts';
import type { Clock } from '../kube/clock.ts';
import {
  createReflector,
  type Reflector,
  type ReflectorDeps,
  type ReflectorObserver,
} from '../kube/reflector.ts';
import type { Store } from '../kube/store.ts';
import type { Trim } from '../kube/trim.ts';
import type { Log } from '../ops/logger.ts';
import type { WatchedKind } from '../ops/metrics.ts';
import { createOptionalMirror, type OptionalMirror } from './optionalMirror.ts';

/** What mirrors have in common. */
export interface MirrorDeps {
  readonly kube: Pick<KubeApi, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer?: ReflectorObserver;
  /** Told of a kind that is not there, or not ours to see. */
  readonly onRefused?: ReflectorDeps['onRefused'];
}

/** What one mirror is about. */
export interface MirrorParts {
  /** The operator goes on without it where it has not the right to list it. Default false. */
  readonly mayBeRefused?: boolean;
  readonly store: Store;
  readonly selection?: Selection;
  readonly trim?: Trim;
}

/** See the file comment. */
export interface Mirror {
  readonly mayBeRefused: boolean;
  readonly reflector: Reflector;
  readonly store: Store;
}

/** A mirror that begins at `reflector.start()`. */
export function reflect(deps: MirrorDeps, resource: Resource, options: MirrorParts): Mirror {
  const { mayBeRefused = false, ...parts } = options;
  const { kube, clock, log, observer, onRefused } = deps;
  const told = { ...(observer && { observer }), ...(onRefused && { onRefused }) };
  const common = { kube, clock, log, resource, ...told };
  return { mayBeRefused, reflector: createReflector({ ...common, ...parts }), store: parts.store };
}

/** The same of a kind, or in a namespace, that may be out of reach. */
export function reflectOptional(
  deps: MirrorDeps,
  resource: Resource,
  parts: MirrorParts & { readonly selection: Selection; readonly onChange: () => void },
): OptionalMirror {
  const { kube, clock, log } = deps;
  const { store, selection, onChange } = parts;
  return createOptionalMirror({
    ...{ kube, clock, log, resource, selection, store, onChange },
    reflect: (onRefused) => reflect({ ...deps, onRefused }, resource, parts).reflector,
  });
}

/** The same for whoever wants to know whether it hears anything. */
export function watchedKind(reflector: Reflector, store: Store): WatchedKind {
  return {
    kind: reflector.resource.kind,
    idleMs: () => reflector.idleMs(),
    lastEventAgeMs: () => reflector.lastEventAgeMs(),
    size: () => store.size(),
  };
}

/** Those of them that are in reach. */
export function watchedIn(mirrors: readonly OptionalMirror[]): WatchedKind[] {
  return mirrors.flatMap((mirror) => {
    const reflector = mirror.reflector();
    return reflector === undefined ? [] : [watchedKind(reflector, mirror.store)];
  });
}
