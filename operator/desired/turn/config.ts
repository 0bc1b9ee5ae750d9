/**
 * `turnserver.conf`, which coturn reads once, at its start. What changes while it runs (secrets, allowed peers) is in
 * its database instead. Keys by version: an unknown one is only a warning in coturn's log, a missing one is a hole.
 */
import { isIPv4 } from 'node:net';
import { gte, lt } from 'semver';
import { secretKeys } from '../names.ts';
import { deniedPeers } from './deny.ts';
import { turnPaths } from './names.ts';
import type { AgentSettings } from './settings.ts';

/** What is different on each pod. */
export interface PodAddresses {
  /** Of the pod, at most one of each family. */
  readonly own: readonly string[];
  /** `external/own` for each that clients know by another one. */
  readonly mapped: readonly string[];
}

/** Files that coturn is pointed to; in tests they lie elsewhere. */
export interface CoturnFiles {
  /** Default `/run/turn`. */
  readonly run: string;
  /** Default `/etc/turn/tls`. */
  readonly tls: string;
}

/** The files of a pod. */
export const podFiles: CoturnFiles = { run: turnPaths.run, tls: turnPaths.tls };

/** The whole file. A value with a line break or a blank end cannot be written: throws with the name of the key. */
export function turnserverConf(
  settings: AgentSettings,
  addresses: PodAddresses,
  files: CoturnFiles = podFiles,
): string {
  const lines = [
    ...listeners(settings, addresses),
    ...credentials(settings),
    ...encryption(settings, files),
    ...limits(settings),
    ...peers(settings),
    ...byVersion(settings),
    ...process(settings, files),
  ];
  return `${lines.map(checked).join('\n')}\n`;
}

/** Seconds that a nonce lives; a client with an older one is told a new one and loses nothing. */
const staleNonceSeconds = 600;

function listeners({ ports, relayPorts }: AgentSettings, addresses: PodAddresses): string[] {
  const plain = ports.udp ?? ports.tcp;
  const encrypted = ports.tls ?? ports.dtls;
  return [
    ...addresses.own.flatMap((address) => [`listening-ip=${address}`, `relay-ip=${address}`]),
    ...addresses.mapped.map((pair) => `external-ip=${pair}`),
    ...relayFamily(addresses),
    ...(plain === undefined ? [] : [`listening-port=${plain}`]),
    ...(encrypted === undefined ? [] : [`tls-listening-port=${encrypted}`]),
    ...(['udp', 'tcp', 'tls'] as const).filter((one) => ports[one] === undefined).map((one) => `no-${one}`),
    `min-port=${relayPorts.min}`,
    `max-port=${relayPorts.max}`,
  ];
}

/** A browser does not say which family it wants, and coturn then means IPv4, which it refuses (440) when it has none. */
function relayFamily({ own }: PodAddresses): string[] {
  return own.some(isIPv4) ? [] : ['allocation-default-address-family=ipv6'];
}

/** Not one secret: those are rows. Without any the answer to everybody is 401. */
function credentials({ realm }: AgentSettings): string[] {
  return [`realm=${realm}`, 'use-auth-secret', 'fingerprint', `stale-nonce=${staleNonceSeconds}`];
}

function encryption({ ports, version }: AgentSettings, { tls }: CoturnFiles): string[] {
  const pair = [`cert=${tls}/${secretKeys.certificate}`, `pkey=${tls}/${secretKeys.privateKey}`];
  return [
    ...(ports.tls === undefined && ports.dtls === undefined ? [] : pair),
    ...dtls(ports.dtls !== undefined, isBefore(version, '4.17.0')),
  ];
}

/** Until 4.17 it is on until it is switched off, from then on the reverse. */
function dtls(isWanted: boolean, isOnByDefault: boolean): string[] {
  if (isWanted) return ['dtls'];
  return isOnByDefault ? ['no-dtls'] : [];
}

function limits(settings: AgentSettings): string[] {
  const { allocationsPerUser, allocationsTotal, maxBytesPerSecond, unauthenticatedPerSecond } = settings;
  return [
    ...(allocationsPerUser > 0 ? [`user-quota=${allocationsPerUser}`] : []),
    ...(allocationsTotal > 0 ? [`total-quota=${allocationsTotal}`] : []),
    ...(maxBytesPerSecond > 0 ? [`max-bps=${maxBytesPerSecond}`] : []),
    'bps-capacity=0',
    ...(unauthenticatedPerSecond > 0
      ? ['unauthorized-ratelimit', `unauthorized-ratelimit-rps=${unauthenticatedPerSecond}`]
      : []),
  ];
}

function peers({ peerDefault }: AgentSettings): string[] {
  const denied = deniedPeers[peerDefault].map((range) => `denied-peer-ip=${range}`);
  return ['no-multicast-peers', 'no-tcp-relay', ...denied];
}

/** What older ones must be told to leave off. An image that does not say which it is gets all of it. */
const hardening = [
  { below: '4.10.0', keys: ['no-cli'] },
  { below: '4.7.0', keys: ['no-tlsv1', 'no-tlsv1_1', 'no-software-attribute', 'no-rfc5780'] },
] as const;

function byVersion({ version }: AgentSettings): string[] {
  return hardening.flatMap(({ below, keys }) => (isBefore(version, below) ? [...keys] : []));
}

function isBefore(version: string | undefined, below: string): boolean {
  return version === undefined || lt(version, below);
}

const firstWithMinAllocations = '4.15.0';

function process(
  { version, exporterPort, drainMinAllocations }: AgentSettings,
  { run }: CoturnFiles,
): string[] {
  const canEndEarly = version === undefined || gte(version, firstWithMinAllocations);
  return [
    'log-file=stdout',
    'simple-log',
    `pidfile=${run}/${turnPaths.pidFile}`,
    `userdb=${run}/turndb`,
    'prometheus',
    // Without it the exporter answers on every address of the node.
    'prometheus-address=127.0.0.1',
    `prometheus-port=${exporterPort}`,
    ...(drainMinAllocations > 0 && canEndEarly ? [`drain-min-allocations=${drainMinAllocations}`] : []),
  ];
}

/** One line is one key: nobody's value may bring a second one. */
function checked(line: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/[\u0000-\u001f\u007f]/.test(line) && line === line.trim()) return line;
  const [key = ''] = line.split('=');
  throw new TypeError(`${key}: must be one line without control characters or blanks at its ends`);
}
