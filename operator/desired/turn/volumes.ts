/** What a TURN pod mounts. Everything but the settings may change while it runs. */
import type { TurnServer } from '../../api/turnserver.ts';
import { annotations, secretKeys } from '../names.ts';
import { turnNames, turnPaths, turnSecretKeys } from './names.ts';

type Volume = Readonly<Record<string, unknown>>;

/** Names of both sides of a mount. */
const folders = {
  secrets: turnPaths.secrets,
  peers: turnPaths.peers,
  config: turnPaths.config,
  pod: turnPaths.pod,
  tls: turnPaths.tls,
} as const;

const isEncrypted = ({ spec }: TurnServer): boolean => spec.tls.mode !== 'Disabled';

const run = { name: 'run', mountPath: turnPaths.run };
const readOnly = (name: keyof typeof folders): Volume => ({ name, mountPath: folders[name], readOnly: true });

/** core/v1 VolumeMounts of the agent. */
export function agentMounts(server: TurnServer): Volume[] {
  const always = (['secrets', 'peers', 'config', 'pod'] as const).map(readOnly);
  return [run, ...always, ...(isEncrypted(server) ? [readOnly('tls')] : [])];
}

/** Those of coturn, which sees no secret but those in its database. */
export function coturnMounts(server: TurnServer): Volume[] {
  return [run, ...(isEncrypted(server) ? [readOnly('tls')] : [])];
}

/** Readable by the pod's group (fsGroup), and by nobody else on the node. */
const groupReadable = 0o440;

/** Room for the database with its log, in memory: secrets are on no disk of the node. */
const runSize = '64Mi';

/** core/v1 Volumes. */
export function turnVolumes(server: TurnServer): Volume[] {
  const address = { fieldPath: `metadata.annotations['${annotations.address}']` };
  return [
    { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: runSize } },
    { name: 'secrets', secret: secretVolume(turnNames.authSecret(server), Object.values(turnSecretKeys)) },
    { name: 'peers', configMap: { name: turnNames.peers(server), optional: true } },
    { name: 'config', configMap: { name: turnNames.config(server) } },
    { name: 'pod', downwardAPI: { items: [{ path: turnPaths.addressFile, fieldRef: address }] } },
    ...(isEncrypted(server)
      ? [{ name: 'tls', secret: secretVolume(turnNames.tlsSecret(server), pair) }]
      : []),
  ];
}

const pair = [secretKeys.certificate, secretKeys.privateKey] as const;

/** A Secret that is not there yet, or lacks a key, holds no pod up: the agent waits, and says what is missing. */
function secretVolume(secretName: string, keys: readonly string[]): Volume {
  const items = keys.map((key) => ({ key, path: key }));
  return { secretName, defaultMode: groupReadable, optional: true, items };
}
