/** Tells people what happened to an object: `kubectl describe` and `kubectl events` show it. Never in anyone's way. */
import type { KubeApi, KubeObject } from './api.ts';
import type { Clock } from './clock.ts';
import { NotFoundError } from './errors.ts';
import { decideEvent, emptyMemory, type EventMemory, type Happening, type Series } from './eventSeries.ts';
import { microTime } from './lease.ts';
import { events } from './resources.ts';
import type { Log } from '../ops/logger.ts';

/** What a recorder is made of. */
export interface EventRecorderDeps {
  readonly kube: Pick<KubeApi, 'create' | 'mergePatch'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The process: a pod's name. */
  readonly instance: string;
}

/** Records events. */
export interface EventRecorder {
  /** Returns at once; a failure is logged and otherwise has no effect. */
  record(regarding: KubeObject, happening: Happening): void;
  /** Resolves when all that was recorded is written or given up. */
  flush(): Promise<void>;
}

/** `reportingController` of our events. */
const controller = 'rtc.progressnet.gr/rtc-operator';

/** Most that events.k8s.io/v1 takes as `note`. */
const maxNoteLength = 1024;

/** Objects whose recent events are remembered. */
const rememberedObjects = 1000;

/** A recorder with a memory of its own. */
export function createEventRecorder(deps: EventRecorderDeps): EventRecorder {
  const memories = new Map<string, EventMemory>();
  let writing: Promise<void> = Promise.resolve();
  return {
    record(regarding, happening) {
      const uid = regarding.metadata.uid ?? '';
      const nowMs = deps.clock.monotonicMs();
      const { memory, decision } = decideEvent(memories.get(uid) ?? emptyMemory(nowMs), happening, {
        nowMs,
        name: eventName(regarding, deps.clock),
      });
      remember(memories, uid, memory);
      if (decision.write === 'nothing') {
        deps.log.debug({ reason: decision.reason, event: happening.reason }, 'Left an event out');
        return;
      }
      writing = writing.then(() =>
        write(deps, regarding, { happening, series: decision.series }).catch((error: unknown) =>
          deps.log.warn({ err: error, event: happening.reason }, 'Could not write an event'),
        ),
      );
    },
    flush: () => writing,
  };
}

interface Record {
  readonly happening: Happening;
  readonly series: Series;
}

async function write(deps: EventRecorderDeps, regarding: KubeObject, record: Record): Promise<void> {
  const { series } = record;
  const event = eventOf(deps, regarding, record);
  if (series.count === 1) {
    await deps.kube.create(events, event);
    return;
  }
  const lastObservedTime = microTime(deps.clock.wallMs());
  try {
    const { namespace = 'default', name } = event.metadata;
    const patch = { series: { count: series.count, lastObservedTime } };
    await deps.kube.mergePatch(events, { namespace, name }, patch);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await deps.kube.create(events, event); // The server forgot it (an hour, by default): begin anew.
  }
}

function eventOf(deps: EventRecorderDeps, regarding: KubeObject, record: Record): KubeObject {
  const { apiVersion, kind, metadata } = regarding;
  const { name, namespace, uid, resourceVersion } = metadata;
  const { type, reason, action, note } = record.happening;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: record.series.name, namespace: namespace ?? 'default' },
    eventTime: microTime(deps.clock.wallMs()),
    reportingController: controller,
    reportingInstance: deps.instance,
    regarding: { apiVersion, kind, name, namespace, uid, resourceVersion },
    ...{ type, reason, action, note: note.slice(0, maxNoteLength) },
  };
}

/** `calls.17f3c2a9be01`: as client-go names them; unique by time and chance. */
function eventName(regarding: KubeObject, clock: Clock): string {
  const chance = Math.floor(clock.random() * 0x10000).toString(16);
  return `${regarding.metadata.name}.${clock.wallMs().toString(16)}${chance.padStart(4, '0')}`;
}

function remember(memories: Map<string, EventMemory>, uid: string, memory: EventMemory): void {
  memories.delete(uid);
  memories.set(uid, memory);
  const [oldest] = memories.keys();
  if (memories.size > rememberedObjects && oldest !== undefined) memories.delete(oldest);
}
