/**
 * Who we are to the API server and how it is reached: the KubeConfig of
 * client-node read into plain data, and read again as tokens and certificates
 * are rotated.
 */
import type { RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from './clock.ts';

/** What a TLS connection to the server needs; absent ones are Node's defaults. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'> & {
  readonly servername?: string;
};

/** Everything one request needs. */
export interface Access {
  /** Scheme, host and port. */
  readonly origin: string;
  /** What stands before `/api`; empty but behind some gateways. */
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
  /** An HTTP CONNECT proxy on the way. */
  readonly proxyUrl: string | undefined;
}

/** Access that stays fresh. */
export interface Credentials {
  /** Rejects when the configuration names no server or its files cannot be read. */
  access(): Promise<Access>;
  /** Forgets what was read: after a 401. */
  renew(): void;
}

/** Files are read again after this time; the kubelet renews a token long before its end. */
const freshMs = 60_000;

/**
 * The usual order: `$KUBECONFIG`, `~/.kube/config`, the pod's service account.
 * @param file a kubeconfig to be used instead
 * @param context the context in it; default: its current one. Throws when there is none of that name.
 */
export function loadKubeConfig(file?: string, context?: string): KubeConfig {
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  if (context === undefined) return config;
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context))
    throw new RangeError(`the kubeconfig has no context ${context}: it has ${known.join(', ')}`);
  config.setCurrentContext(context);
  return config;
}

/** Reads through `load`, at most once a minute. */
export function createCredentials(deps: {
  readonly load: () => KubeConfig;
  readonly clock: Clock;
}): Credentials {
  let config: KubeConfig | undefined;
  let last: { readonly access: Promise<Access>; readonly readAtMs: number } | undefined;
  const read = async (): Promise<Access> => accessOf((config ??= deps.load()));
  return {
    access() {
      const nowMs = deps.clock.monotonicMs();
      if (last === undefined || nowMs - last.readAtMs > freshMs) {
        const access = read();
        access.catch(() => (last = undefined));
        last = { access, readAtMs: nowMs };
      }
      return last.access;
    },
    renew() {
      config = undefined;
      last = undefined;
    },
  };
}

async function accessOf(config: KubeConfig): Promise<Access> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig has no current cluster');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const url = new URL(cluster.server);
  if (cluster.proxyUrl?.startsWith('socks') === true)
    throw new Error(
      `the kubeconfig names a SOCKS proxy (${cluster.proxyUrl}): only HTTP proxies are supported`,
    );
  return {
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    headers: headersOf(options),
    tls: tlsOf(options),
    proxyUrl: cluster.proxyUrl,
  };
}

function headersOf(options: RequestOptions): Record<string, string> {
  const given = Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]);
  const basic = options.auth == null ? [] : [['Authorization', `Basic ${btoa(options.auth)}`]];
  return Object.fromEntries([...given, ...basic]) as Record<string, string>;
}

function tlsOf(options: RequestOptions): TlsOptions {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return Object.fromEntries(
    Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
