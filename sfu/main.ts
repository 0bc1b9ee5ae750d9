/** The media server: configuration → logger → clients → media → calls → HTTP → WebSocket → signals. */
import { availableParallelism, networkInterfaces } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import { buildApp, serveCertificate } from './app.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createClients } from './auth/clients.ts';
import { createDirectoryStore } from './auth/directoryStore.ts';
import { createKeyChecks } from './auth/keyChecks.ts';
import { createMountedClients } from './auth/mountedClients.ts';
import { derivePepper } from './auth/pepper.ts';
import { createTokens } from './auth/tokens.ts';
import { createCallService } from './call/registry.ts';
import { loadConfig } from './config.ts';
import { listenAddresses } from './config/addresses.ts';
import { usage } from './config/commandLine.ts';
import { checkReport } from './config/report.ts';
import { readTlsFiles } from './config/tlsFiles.ts';
import { boundConnections, listen } from './http/listen.ts';
import { reloadTls } from './http/tlsReload.ts';
import { createGuests } from './probe/guests.ts';
import { createProber } from './probe/runner.ts';
import type { AddressRules } from './sdp/candidates.ts';
import { createMediaPort } from './media/mediasoup.ts';
import { workerTunables } from './media/tunables.ts';
import { createAddressSource } from './ops/addressSource.ts';
import { createDrain } from './ops/drain.ts';
import { leaveLastWords } from './ops/lastWords.ts';
import { createLogger } from './ops/logger.ts';
import { createMetrics } from './ops/metrics.ts';
import { createNodeLimits } from './ops/nodeLimits.ts';
import { processCpu } from './ops/processes.ts';
import { endOnSignals } from './ops/signals.ts';
import { statusOf } from './ops/status.ts';
import { workerBinary } from './worker/locate.ts';
import { createConnections } from './ws/connections.ts';
import { serveWebSocket } from './ws/server.ts';

const { commandLine, resolved, config, fileNote } = loadConfig(process.argv.slice(2), process.env);
if (commandLine.isHelp) exitWith(0, usage);
if (commandLine.isCheck) exitWith(config === undefined ? 1 : 0, checkReport(resolved, fileNote));
if (config === undefined) exitWith(1, checkReport(resolved, fileNote));
const { api, rtc, limits, store, logger, drain: drainConfig } = config;

const log = createLogger(logger);
process.on('uncaughtException', fail);
log.info({ version: packageJson.version, node: process.versions.node }, 'Starting');
log.info({ source: fileNote }, 'Read configuration');
for (const note of resolved.notes) log.info({ note }, 'Read an alias');
for (const advice of resolved.advice) log.info({ advice }, 'Good to know');

const adminKey = api.security.enableAdmin ? api.security.adminSecretKey : undefined;
const clientStore = createDirectoryStore({ dir: store.dataSource, log });
const clients = createClients({
  store: clientStore,
  mounted: await createMountedClients({ dir: store.clientsDir, log }),
  keys: createKeyChecks({
    store: clientStore,
    pepper: await derivePepper({ dir: store.dataSource, adminKey }),
    log,
  }),
  most: limits.registeredClients,
});
const tokens = createTokens({
  lifetimeMs: api.security.sessionCache.expirationMinutes * 60_000,
  nowMs: Date.now,
});
const authenticate = createAuthenticate({ clients, tokens, adminKey, log });

const local = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
process.env['GLIBC_TUNABLES'] = workerTunables(process.env['GLIBC_TUNABLES']); // Media workers inherit it.
const media = await createMediaPort({
  workerBin: workerBinary(),
  workers: rtc.workers,
  listen: {
    udp: { addresses: listenAddresses(rtc.iceAddressUdp, local, rtc.enableIpv6), port: rtc.icePortUdp },
    tcp: { addresses: listenAddresses(rtc.iceAddressTcp, local, rtc.enableIpv6), port: rtc.icePortTcp },
  },
  cpuUseOf: processCpu,
  log,
});
const addresses = await createAddressSource({
  rtc,
  bound: media.bound.map(({ address }) => address),
  log,
});
const nodeLimits = await createNodeLimits({ log });

const metrics = createMetrics();
const connections = createConnections();
const advertised = (): AddressRules => {
  const known = addresses.known();
  return known.ok ? known.rules : { kind: 'list', addresses: [] };
};
const calls = createCallService({
  media,
  plugins: connections,
  log,
  limits: {
    ...limits,
    sessions: rtc.maxConcurrentSessions,
    sessionsPerCall: rtc.maxCallParticipants,
  },
  addresses: advertised,
  metrics: metrics.calls,
});
const guests = createGuests({ media, plugins: connections, log, addresses: advertised });

setInterval(() => metrics.sample(calls.sentKinds(), media.workers()), 1_000).unref();

const drain = createDrain((state) => log.info({ state }, 'Changed drain state'));
const status = (): ReturnType<typeof statusOf> =>
  statusOf({
    version: packageJson.version,
    counts: calls.counts(),
    drainState: drain.state,
    addresses: addresses.known(),
    seen: addresses.seen(),
    node: nodeLimits.known(),
    workers: media.workers(),
    egressBitsPerSecond: media.egressBitsPerSecond(),
    mediaPaths: metrics.mediaPaths(),
    trouble: media.trouble(),
    cores: availableParallelism(),
    maxSessions: rtc.maxConcurrentSessions,
  });
const tls = api.http.tls.enable ? readTlsFiles(api.http.tls) : undefined;
const app = buildApp({
  build: { version: packageJson.version, hash: '', date: '' },
  isAdminEnabled: api.security.enableAdmin,
  isSelfRegistrationAllowed: api.security.allowSelfRegistration,
  tls,
  metrics: () =>
    metrics.text({
      counts: calls.counts(),
      connectionsByClient: connections.countByClient(),
      stats: status().stats,
      workers: media.workers(),
      packets: media.packets(),
    }),
  status,
  authenticate,
  clients,
  tokens,
  calls,
  drain,
  prober: adminKey === undefined ? undefined : createProber({ adminKey }),
  log,
});
serveWebSocket(app, { authenticate, calls, guests, connections, metrics: metrics.ws, log, limits });
if (tls !== undefined)
  reloadTls({ paths: api.http.tls, current: tls, serve: (files) => serveCertificate(app, files), log });
boundConnections(app, limits.connections, log);
await listen(app, api.http.listenAddress);
log.info({ api: api.http.listenAddress, addresses: status().stats.addresses }, 'Serving');

const reason = await endOnSignals({
  drain,
  sessions: () => calls.counts().sessions,
  timeoutMs: drainConfig.timeoutSeconds * 1000,
  log,
});
await guests.close();
await calls.close();
await connections.closeAll();
await app.close();
log.info({ reason }, 'Stopped');
process.exit(0);

function exitWith(code: number, text: string): never {
  if (code !== 0) leaveLastWords(text);
  (code === 0 ? process.stdout : process.stderr).write(text);
  process.exit(code);
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  leaveLastWords(reason);
  log.fatal({ reason, stack: error instanceof Error ? error.stack : undefined }, 'Cannot go on');
  process.exit(1);
}
