/** What the agent of every pod of a TurnServer is told: all of coturn's configuration that is the same on each. */
import type { TurnServer } from '../../api/turnserver.ts';
import { z } from 'zod';
import { versionOfImage } from '../../turn/version.ts';
import type { DesiredObject } from '../object.ts';
import { turnMeta } from './meta.ts';
import { clientPorts } from './ports.ts';
import { realmOf, turnNames, turnPaths, turnPorts } from './names.ts';

const portNumber = z.int().min(1).max(65_535);

/** `agent.json` in the ConfigMap `<name>-turn`. */
export const settingsSchema = z.strictObject({
  version: z.string().optional().describe('Of coturn, where the tag of its image names it.'),
  realm: z.string().min(1).max(127).describe('Of every credential.'),
  ports: z
    .strictObject({ udp: portNumber, tcp: portNumber, tls: portNumber, dtls: portNumber })
    .partial()
    .describe(
      'For clients; a transport without one is not served. udp and tcp are the same, so are tls and dtls.',
    ),
  relayPorts: z.strictObject({ min: portNumber, max: portNumber }).describe('First and last.'),
  isBehindAddress: z
    .boolean()
    .describe(
      'Whether clients are told the address in the address file for what is relayed, and not the own.',
    ),
  peerDefault: z.enum(['DenyAll', 'DenyPrivate', 'AllowAll']).describe('For peers that nothing lists.'),
  allocationsPerUser: z.int().min(0).describe('0: without limit.'),
  allocationsTotal: z.int().min(0).describe('0: without limit.'),
  maxBytesPerSecond: z.int().min(0).describe('Of one allocation; 0: without limit.'),
  unauthenticatedPerSecond: z
    .int()
    .min(0)
    .describe('Answers without credentials to one address; 0: without limit.'),
  drainMinAllocations: z.int().min(0).describe('A drained coturn ends with as many or fewer.'),
  exporterPort: portNumber.describe('Of Prometheus, on 127.0.0.1; an image without it ignores this.'),
});

/** See `settingsSchema`. */
export type AgentSettings = Readonly<z.infer<typeof settingsSchema>>;

/** The settings that a spec asks for. */
export function agentSettings(server: TurnServer): AgentSettings {
  const { spec } = server;
  const { network, limits } = spec;
  const version = versionOfImage(spec.image);
  return {
    ...(version !== '' && { version }),
    realm: realmOf(server),
    ports: Object.fromEntries(clientPorts(server).map(({ transport, port }) => [transport, port])),
    relayPorts: { min: network.relayPorts.min, max: network.relayPorts.max },
    isBehindAddress: network.mode === 'HostNetwork',
    peerDefault: spec.peers.default,
    allocationsPerUser: limits.allocationsPerUser,
    allocationsTotal: limits.allocationsTotal,
    maxBytesPerSecond: Math.round((limits.mbitPerSession * 1e6) / 8),
    unauthenticatedPerSecond: limits.unauthenticatedRatePerSecond,
    drainMinAllocations: spec.drain.minAllocations,
    exporterPort: turnPorts.exporter,
  };
}

/** The ConfigMap that the pods mount. */
export function turnConfigMap(server: TurnServer): DesiredObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: turnMeta(server, turnNames.config(server)),
    data: { [turnPaths.settingsFile]: `${JSON.stringify(agentSettings(server), undefined, 2)}\n` },
  };
}
