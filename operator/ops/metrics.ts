/** The operator's metrics: one table, from which they are made and from which the docs are written. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createFleetMetrics, type FleetMetrics } from './fleet/metrics.ts';
import { createTurnMetrics, type TurnMetrics } from './turn/metrics.ts';
import type { ReflectorObserver } from '../kube/reflector.ts';
import type { QueueStats, RunReport } from '../kube/queue.ts';
import type { RequestReport } from '../kube/sender.ts';

/** One row of the table. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Every metric about the operator itself; those about fleets stand in `fleet/`. */
export const metricTable = {
  rtc_operator_reconcile_total: {
    type: 'counter',
    help: 'Reconciles that ended, by result (success, error).',
    labels: ['result'],
  },
  rtc_operator_reconcile_seconds: {
    type: 'histogram',
    help: 'Time one reconcile took.',
    labels: [],
    buckets: seconds,
  },
  rtc_operator_queue_wait_seconds: {
    type: 'histogram',
    help: 'Time a key that was due waited for a worker.',
    labels: [],
    buckets: seconds,
  },
  rtc_operator_queue_keys: {
    type: 'gauge',
    help: 'Keys in the queue by state (ready, waiting, working, failing).',
    labels: ['state'],
  },
  rtc_operator_api_requests_total: {
    type: 'counter',
    help: 'Requests to the API server by RBAC verb, kind and HTTP code, or the reason why there was none.',
    labels: ['verb', 'kind', 'code'],
  },
  rtc_operator_api_request_seconds: {
    type: 'histogram',
    help: 'Time to the answer of the API server, for a watch to its first byte.',
    labels: ['verb'],
    buckets: seconds,
  },
  rtc_operator_relists_total: {
    type: 'counter',
    help: 'Full lists of a kind by reason (start, gone, broken).',
    labels: ['kind', 'reason'],
  },
  rtc_operator_watch_ends_total: {
    type: 'counter',
    help: 'Watches that ended, by reason.',
    labels: ['kind', 'reason'],
  },
  rtc_operator_watch_last_event_age_seconds: {
    type: 'gauge',
    help: 'Time since the server last told anything about a kind, bookmarks included.',
    labels: ['kind'],
  },
  rtc_operator_cached_objects: { type: 'gauge', help: 'Objects kept of a kind.', labels: ['kind'] },
  rtc_operator_leader: { type: 'gauge', help: '1 while this replica leads.', labels: [] },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** A mirror, as far as its metrics and health go. */
export interface WatchedKind {
  readonly kind: string;
  idleMs(): number;
  lastEventAgeMs(): number | undefined;
  size(): number;
}

/** What is read when Prometheus asks, instead of being told. */
export interface MetricSources {
  readonly queue: () => QueueStats;
  readonly kinds: () => readonly WatchedKind[];
  readonly isLeader: () => boolean;
}

/** Where the runtime reports to. */
export interface OperatorMetrics extends Required<ReflectorObserver> {
  readonly registry: Registry;
  /** What is told about the clusters themselves. */
  readonly fleets: FleetMetrics;
  /** Those about TurnServers. */
  readonly turn: TurnMetrics;
  onRequest(report: RequestReport): void;
  onRun(report: RunReport): void;
  /** From then on the gauges are read from there. */
  readFrom(sources: MetricSources): void;
}

/** Metrics with a registry of their own. */
export function createMetrics(): OperatorMetrics {
  const registry = new Registry();
  const maker = makerFor(registry);
  const reconciles = maker.counter('rtc_operator_reconcile_total');
  const reconcileSeconds = maker.histogram('rtc_operator_reconcile_seconds');
  const waitSeconds = maker.histogram('rtc_operator_queue_wait_seconds');
  const requests = maker.counter('rtc_operator_api_requests_total');
  const requestSeconds = maker.histogram('rtc_operator_api_request_seconds');
  const relists = maker.counter('rtc_operator_relists_total');
  const watchEnds = maker.counter('rtc_operator_watch_ends_total');
  return {
    registry,
    fleets: createFleetMetrics(registry),
    turn: createTurnMetrics(registry),
    onRequest({ verb, resource, subresource, code, durationMs }) {
      const kind = subresource === undefined ? resource.kind : `${resource.kind}/${subresource}`;
      requests.inc({ verb, kind, code });
      requestSeconds.observe({ verb }, durationMs / 1000);
    },
    onRun({ result, waitedMs, workedMs }) {
      reconciles.inc({ result });
      reconcileSeconds.observe(workedMs / 1000);
      waitSeconds.observe(waitedMs / 1000);
    },
    onRelist: (reason, resource) => relists.inc({ kind: resource.kind, reason }),
    onWatchEnd: (reason, resource) => watchEnds.inc({ kind: resource.kind, reason }),
    readFrom: (sources) => addGauges(maker, sources),
  };
}

/** There is a mirror for each watched namespace, and pods of both of our kinds have their own. */
function byKind({ kinds }: MetricSources): ReadonlyMap<string, readonly WatchedKind[]> {
  return Map.groupBy(kinds(), ({ kind }) => kind);
}

function addGauges(maker: Maker, sources: MetricSources): void {
  maker.gauge('rtc_operator_queue_keys', (gauge) => {
    for (const [state, count] of Object.entries(sources.queue())) gauge.set({ state }, Number(count));
  });
  maker.gauge('rtc_operator_watch_last_event_age_seconds', (gauge) => {
    for (const [kind, all] of byKind(sources)) {
      const ages = all.flatMap((watched) => watched.lastEventAgeMs() ?? []);
      if (ages.length > 0) gauge.set({ kind }, Math.max(...ages) / 1000);
    }
  });
  maker.gauge('rtc_operator_cached_objects', (gauge) => {
    for (const [kind, all] of byKind(sources))
      gauge.set(
        { kind },
        all.reduce((sum, watched) => sum + watched.size(), 0),
      );
  });
  maker.gauge('rtc_operator_leader', (gauge) => gauge.set(sources.isLeader() ? 1 : 0));
}

type MetricName = keyof typeof metricTable;

interface Maker {
  counter(name: MetricName): Counter;
  histogram(name: MetricName): Histogram;
  gauge(name: MetricName, collect: (gauge: Gauge) => void): Gauge;
}

interface Options {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
}

function makerFor(registry: Registry): Maker {
  const options = (name: MetricName): Options => {
    const { help, labels } = metricTable[name];
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  return {
    counter: (name) => new Counter(options(name)),
    histogram: (name) => new Histogram({ ...options(name), buckets: [...seconds] }),
    gauge: (name, collect) =>
      new Gauge({
        ...options(name),
        collect() {
          this.reset();
          collect(this);
        },
      }),
  };
}
