/** `/metrics`: counts what it is told, and reads the rest at each scrape. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Limit } from '../call/limits.ts';
import type { CallMetrics } from '../call/metrics.ts';
import type { CallCounts, SentKindRow } from '../call/service.ts';
import type { Stats } from '../http/stats.ts';
import type { PacketCounts, WorkerStatus } from '../media/port.ts';
import { metricsTable, type MetricRow } from './metricsTable.ts';
import { addProcessMetrics } from './processMetrics.ts';
import { workerMetrics } from './workerMetrics.ts';

/** Read at each scrape. */
export interface Scraped {
  readonly counts: CallCounts;
  readonly connectionsByClient: ReadonlyMap<string, number>;
  readonly stats: Stats;
  readonly workers: readonly WorkerStatus[];
  readonly packets: PacketCounts;
}

/** The metrics of this process. */
export interface Metrics {
  readonly calls: CallMetrics;
  readonly ws: {
    message(clientID: string, type: string, direction: 'in' | 'out'): void;
    limited(clientID: string, limit: Limit): void;
  };
  /** To be called each second: notes how long packets wait in the workers just now, for each kind of track that is sent. */
  sample(sentKinds: readonly SentKindRow[], workers: readonly WorkerStatus[]): void;
  /** How many sessions got a path for their media so far, and how many did not. */
  mediaPaths(): Stats['mediaPaths'];
  /** Text in Prometheus' exposition format. `scraped` is asked for the rest. */
  text(scraped: Scraped): Promise<string>;
  close(): void;
}

/** Message types that rtcd counts. */
const countedTypes = new Set(['join', 'leave', 'rtc', 'reconnect', 'vad']);

/** A registry of its own, so that two servers in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const messages = counter(metricsTable.messages, registry);
  const states = counter(metricsTable.connectionStates, registry);
  const errors = counter(metricsTable.errors, registry);
  const limited = counter(metricsTable.limited, registry);
  const countLimited = (clientID: string, limit: Limit): void => limited.inc({ client_id: clientID, limit });
  const iceFailures = counter(metricsTable.iceFailures, registry);
  const joinTime = histogram(metricsTable.joinTime, registry);
  const writesTime = histogram(metricsTable.writesTime, registry);
  const timings = {
    connectionTime: histogram(metricsTable.connectionTime, registry),
    dcOpenTime: histogram(metricsTable.dcOpenTime, registry),
    lockGrabTime: histogram(metricsTable.lockGrabTime, registry),
    lockLockedTime: histogram(metricsTable.lockLockedTime, registry),
    clientLossRate: histogram(metricsTable.clientLossRate, registry),
    clientRtt: histogram(metricsTable.clientRtt, registry),
    clientJitter: histogram(metricsTable.clientJitter, registry),
  };
  const setGauges = gauges(registry);
  const setWorkers = workerMetrics(registry);
  const setPackets = packetMetrics(registry);
  const paths = { opened: 0, failed: 0 };
  const eventLoop = addProcessMetrics(registry);
  return {
    calls: {
      timing: (groupID, timing, value) => {
        if (timing === 'connectionTime') paths.opened += 1;
        if (timing === 'joinTime') joinTime.observe({ client_id: groupID }, value);
        else timings[timing].observe({ groupID }, value);
      },
      error: (groupID, type) => errors.inc({ groupID, type }),
      connection: (type) => states.inc({ type }),
      iceFailure: (cause) => {
        // A path that was lost had been opened: the client's own network may be the cause.
        if (cause !== 'lost') paths.failed += 1;
        iceFailures.inc({ cause });
      },
      limited: countLimited,
    },
    sample(sentKinds, workers) {
      const serving = workers.filter(({ sessions }) => sessions > 0);
      eventLoop.watch(serving.length > 0);
      for (const { delaySeconds } of serving)
        for (const { groupID, kind } of sentKinds) writesTime.observe({ groupID, type: kind }, delaySeconds);
    },
    ws: {
      message(clientID, type, direction) {
        if (countedTypes.has(type)) messages.inc({ clientID, type, direction });
      },
      limited: countLimited,
    },
    mediaPaths: () => ({ ...paths }),
    text(scraped) {
      setGauges(scraped);
      setWorkers(scraped.workers);
      setPackets(scraped.packets);
      return registry.metrics();
    },
    close: () => eventLoop.stop(),
  };
}

function gauges(registry: Registry): (scraped: Scraped) => void {
  const sessions = gauge(metricsTable.sessions, registry);
  const tracks = gauge(metricsTable.tracks, registry);
  const connections = gauge(metricsTable.connections, registry);
  const calls = gauge(metricsTable.calls, registry);
  const load = gauge(metricsTable.load, registry);
  const draining = gauge(metricsTable.draining, registry);
  const full = gauge(metricsTable.full, registry);
  const demand = gauge(metricsTable.demand, registry);
  return ({ counts, connectionsByClient, stats }) => {
    calls.set(stats.calls);
    load.set(stats.load);
    draining.set(stats.draining ? 1 : 0);
    full.set(stats.full ? 1 : 0);
    for (const [kind, value] of Object.entries(stats.demand)) demand.set({ kind }, value);
    sessions.reset();
    for (const [groupID, value] of Object.entries(counts.sessionsByGroup)) sessions.set({ groupID }, value);
    connections.reset();
    for (const [clientID, value] of connectionsByClient) connections.set({ clientID }, value);
    tracks.reset();
    for (const { groupID, direction, mimeType, value } of counts.tracksByGroup)
      tracks.set({ groupID, direction, type: mimeType }, value);
  };
}

/** They come as totals that never fall. */
function packetMetrics(registry: Registry): (packets: PacketCounts) => void {
  const packets = counter(metricsTable.packets, registry);
  return (counts) => {
    packets.reset();
    for (const direction of ['in', 'out'] as const) packets.inc({ direction }, counts[direction]);
  };
}

function options(
  row: MetricRow,
  registry: Registry,
): { name: string; help: string; labelNames: string[]; registers: Registry[] } {
  return { name: row.name, help: row.help, labelNames: [...row.labels], registers: [registry] };
}

function counter(row: MetricRow, registry: Registry): Counter {
  return new Counter(options(row, registry));
}

function gauge(row: MetricRow, registry: Registry): Gauge {
  return new Gauge(options(row, registry));
}

function histogram(row: MetricRow, registry: Registry): Histogram {
  return new Histogram({ ...options(row, registry), buckets: [...(row.buckets ?? [])] });
}
