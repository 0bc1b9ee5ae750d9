/**
 * Stands between a client and the real API server: counts what is asked, and
 * lets things go wrong. It authenticates as administrator, unless a request has
 * a bearer token: that is passed on. No upgrades (exec, port-forward).
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { apiCall } from './apiCall.ts';
import type { ApiCall } from './apiCall.ts';
import { createFaults } from './faults.ts';
import type { Fault, Matches } from './faults.ts';
import { createForwarder } from './forward.ts';
import type { Upstream } from './forward.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { Credentials } from './kubeconfig.ts';
import type { Cluster } from './options.ts';
import { createStreams } from './streams.ts';
import type { Streams } from './streams.ts';
import type { WriteWitness } from './witness.ts';

/** A request, and when it came: milliseconds that never jump. */
export interface TimedCall extends ApiCall {
  readonly atMs: number;
}

/** A running proxy. */
export interface ApiProxy {
  /** https://127.0.0.1:PORT */
  readonly server: string;
  /** Path of an administrator's kubeconfig that leads through the proxy. */
  readonly kubeconfig: string;
  /** The same for a service account, whose rights then count. */
  kubeconfigWithToken(token: string): string;
  /** Every request since the start or the last `forget`, in order. */
  calls(): readonly TimedCall[];
  /** How often each was asked: `{ 'patch pods/status': 2 }`. */
  counts(): Readonly<Record<string, number>>;
  forget(): void;
  /** Returns what lifts the fault. */
  fail(fault: Fault, matches?: Matches): () => void;
  /** The watches that are open. */
  readonly streams: Streams;
  close(): Promise<void>;
}

/** Where it listens. */
export interface ProxyOptions {
  /** Default 127.0.0.1; `cluster.machineAddress` lets pods reach it. */
  readonly address?: string;
  /** Sees every write, one at a time. Default: nobody does. */
  readonly witness?: WriteWitness;
}

/** What it takes of a cluster. */
export type ProxiedCluster = Upstream & Pick<Cluster, 'kubeconfig' | 'issueServerCertificate'>;

/** kube-apiserver closes idle connections after 90 s. */
const keepAliveMs = 90_000;

/** Starts one on a free port. */
export async function startProxy(cluster: ProxiedCluster, options: ProxyOptions = {}): Promise<ApiProxy> {
  const address = options.address ?? '127.0.0.1';
  const { certificate, key } = cluster.issueServerCertificate([address]);
  const faults = createFaults();
  const streams = createStreams();
  const forwarder = createForwarder(cluster, { streams, witness: options.witness });
  const calls: TimedCall[] = [];
  const listener = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const call = apiCall(incoming.method ?? '', incoming.url ?? '/');
    calls.push({ ...call, atMs: performance.now() });
    void faults.fateOf(call).then((fate) => forwarder.handle({ incoming, outgoing, call }, fate));
  });
  // As long as the API server does: a client that knows that must not send into a connection that is being closed.
  listener.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve) => listener.listen(0, address, resolve));
  const server = `https://${address}:${(listener.address() as AddressInfo).port}`;

  return {
    server,
    kubeconfig: writeKubeconfig(cluster, server, cluster.admin),
    kubeconfigWithToken: (token) => writeKubeconfig(cluster, server, { token }),
    calls: () => [...calls],
    counts: () => countsOf(calls),
    forget: () => void calls.splice(0),
    fail: (fault, matches = () => true) => faults.add(fault, matches),
    streams,
    async close() {
      faults.liftAll();
      forwarder.close();
      const closed = new Promise((resolve) => listener.close(resolve));
      listener.closeAllConnections();
      await closed;
    },
  };
}

function writeKubeconfig(cluster: ProxiedCluster, server: string, credentials: Credentials): string {
  const user = 'token' in credentials ? 'token' : 'admin';
  const file = join(dirname(cluster.kubeconfig), `proxy-${new URL(server).port}-${user}.kubeconfig`);
  const text = kubeconfig({ server, authority: cluster.authority, user, credentials });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function countsOf(calls: readonly ApiCall[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { verb, resource } of calls) {
    const key = `${verb} ${resource}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
