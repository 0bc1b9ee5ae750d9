/** A stand-in for coturn's exporter, for want of a build with it: its names and labels with numbers that grow as those of a busy server do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answering `/metrics` on loopback. */
export interface Exporter {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves whatever `text` says at the time. */
export async function startExporter(text: () => string | Promise<string>): Promise<Exporter> {
  const server = createServer((_, response) => {
    void Promise.resolve(text()).then((body) =>
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What coturn 4.18 would say after so many seconds, as far as our dashboards ask. */
export function playedCoturn(ageSeconds: number): string {
  const perSecond = (rate: number): number => Math.round(rate * ageSeconds);
  const allocations = Math.round(20 + 10 * Math.sin(ageSeconds / 15));
  return [
    ...['# TYPE turn_total_allocations gauge'],
    `turn_total_allocations{type="UDP"} ${allocations}`,
    `turn_total_allocations{type="TLS/TCP"} ${Math.round(allocations / 5)}`,
    ...counter('turn_total_traffic_rcvb', perSecond(90_000)),
    ...counter('turn_total_traffic_sentb', perSecond(140_000)),
    ...counter('turn_unauthenticated_401_requests', perSecond(3)),
    ...counter('turn_unauthenticated_401_dropped_responses', 0),
    ...counter('turn_packet_processed', perSecond(2_000)),
    ...counter('turn_packet_dropped', 0),
    '',
  ].join('\n');
}

function counter(name: string, value: number): string[] {
  return [`# TYPE ${name} counter`, `${name} ${value}`];
}
