/**
 * The page's server: serves the page and plays the Mattermost Calls plugin.
 * `startPageServer` is what tests and the demo use; run directly it takes the
 * variables that wire a real Mattermost (`MM_CALLS_*`) from the environment, and
 * shows the pods of `RTCCLUSTER=namespace/name` with the current kubeconfig.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocketServer } from 'ws';

import type { KubeObject } from '../../operator/kube/api.ts';
import { createDesk } from './hosts/desk.ts';
import { apiAddressOf, type HostPicture } from './hosts/picture.ts';
import { refusalToRead } from './hosts/refusal.ts';
import { watchCluster, type WatchedCluster } from './hosts/watch.ts';
import type { Call } from './server/callBook.ts';
import { discoverByDns, type Discover } from './server/discovery.ts';
import type { HostLink, PluginIdentity } from './server/hostConnection.ts';
import { Hosts } from './server/hosts.ts';
import type { Host } from './server/hostSet.ts';
import { servePage } from './server/pageSocket.ts';
import { type DescribeHost, Plugin } from './server/plugin.ts';
import { turnWiringOf, type TurnWiring } from './server/turn.ts';
import { createWeb } from './server/web.ts';

/** Options of `startPageServer`. */
export interface PageServerOptions {
  readonly discover: Discover;
  readonly identity: PluginIdentity;
  /** Default: as `cluster` has it, without one pod and node stay unknown. */
  readonly describeHost?: DescribeHost;
  /** Folder with the voices of pages that have no microphone. */
  readonly speechDir?: string;
  /** TCP port on 127.0.0.1; default 0: any free one. */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** How hosts are spoken to. Default: by a client of our own. */
  readonly link?: HostLink;
  /** What Mattermost knows of TURN servers now. Default: of none. */
  readonly turn?: () => TurnWiring | undefined;
  /** The RTCCluster that the host page shows, and whose pods it may ask to drain. Default: none. */
  readonly cluster?: WatchedCluster;
}

/** A running page server. */
export interface PageServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  hosts(): Host[];
  calls(): readonly Call[];
  /** What the host page shows. */
  picture(): HostPicture;
  /** Cuts the connection of every page, as a bad network would; they come back by themselves. */
  dropPages(): void;
  close(): Promise<void>;
}

/** Connects every SFU host, then listens. Rejects when a host is of no use, as the plugin's activation does. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const log = options.log ?? ((): void => undefined);
  const watch = options.cluster && (await watchCluster(options.cluster));
  const plugin: Plugin = new Plugin({
    hosts: () => hosts,
    describeHost: options.describeHost ?? describeBy(() => watch?.seen().pods ?? []),
    ...(options.turn && { turn: options.turn }),
    log,
    onChange: () => desk.changed(),
  });
  const hosts = new Hosts({
    discover: options.discover,
    identity: options.identity,
    ...(options.link && { link: options.link }),
    onFrame: (address, frame) => plugin.onHostFrame(address, frame),
    log,
  });
  await hosts.start().catch(async (error: unknown) => {
    await watch?.close();
    throw error;
  });
  const desk = createDesk({
    ...{ calls: () => plugin.calls(), hosts: () => hosts.list() },
    ...{ watch, apiPort: options.identity.apiPort, log },
  });
  const web = await createWeb((...asked) => desk.handle(...asked), options.speechDir);
  const sockets = new WebSocketServer({
    server: web,
    path: '/ws',
    maxPayload: 65_536,
    // Another site's page must not join calls through a browser on this machine; bots send no Origin.
    verifyClient: isOwnPage,
  });
  sockets.on('connection', (socket) => servePage(socket, plugin, log));
  await new Promise<void>((resolve, reject) => {
    web.once('error', reject);
    web.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    hosts: () => hosts.list(),
    calls: () => plugin.calls(),
    picture: () => desk.picture(),
    dropPages: () => sockets.clients.forEach((socket) => socket.terminate()),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      desk.close();
      await watch?.close();
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
      await hosts.close();
    },
  };
}

function describeBy(pods: () => readonly KubeObject[]): DescribeHost {
  return (address) => {
    const pod = pods().find((one) => apiAddressOf(one) === address);
    const node = (pod?.['spec'] as { readonly nodeName?: string } | undefined)?.nodeName;
    return Promise.resolve(pod && { pod: pod.metadata.name, node: node ?? '' });
  };
}

function isOwnPage({ origin, req }: { origin: string; req: IncomingMessage }): boolean {
  const asked = { method: 'GET', host: req.headers.host ?? '', origin: origin as string | undefined };
  return refusalToRead(asked) === undefined;
}

/** `MM_CALLS_RTCD_SERVICE_URL` → host and port. The port must be in it, and it must be `http` (wire spec 9.1). */
export function parseServiceUrl(url: string): { readonly hostname: string; readonly apiPort: number } {
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:') throw new Error(`${url}: the page's server speaks http only`);
  const port = /:(\d+)\/?$/.exec(url)?.[1];
  if (port === undefined) throw new Error(`${url}: the port is missing`);
  return { hostname: parsed.hostname, apiPort: Number(port) };
}

if (import.meta.main) {
  const need = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  };
  const { hostname, apiPort } = parseServiceUrl(need('MM_CALLS_RTCD_SERVICE_URL'));
  const identity = {
    clientID: need('MM_CALLS_RTCD_CLIENT_ID'),
    authKey: need('MM_CALLS_RTCD_AUTH_KEY'),
    apiPort,
  };
  const turn = turnWiringOf(process.env);
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/.exec(process.env['RTCCLUSTER'] ?? '') ?? [];
  const server = await startPageServer({
    discover: discoverByDns(hostname, process.env['DNS_SERVER']),
    identity,
    port: Number(process.env['PORT'] ?? 0),
    turn: () => turn,
    ...(namespace !== undefined && name !== undefined && { cluster: { namespace, name } }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${server.url}/?call=demo\n`);
}
