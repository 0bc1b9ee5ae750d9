/** The revision of a TURN pod: a short hash over what users decide about it and a running coturn cannot take up. */
import { createHash } from 'node:crypto';
import type { TurnServer } from '../../api/turnserver.ts';
import { turnSpecSchema } from '../../api/turnserverSpec.ts';
import { realmOf } from './names.ts';

/** These names are hashed: none may ever be renamed. */
const fixedFields = [
  'imagePullPolicy',
  'imagePullSecrets',
  'placement.nodeSelector',
  'placement.tolerations',
  'placement.zoneSpread',
  'placement.priorityClassName',
  'network.mode',
  'network.ports',
  'network.relayPorts',
  'auth.secretName',
  'tls.mode',
  'tls.secretName',
  'peers.default',
  'limits',
  'drain.minAllocations',
  'resources',
] as const;

type Fields = Readonly<Record<string, unknown>>;

const defaults: Fields = turnSpecSchema.parse({});

/** 8 hexadecimal digits. A field at its default is left out, so that a new field changes nobody's revision. */
export function turnRevision(server: TurnServer): string {
  const chosen = fixedFields
    .map((path) => [path, valueAt(server.spec, path)] as const)
    .filter(([path, value]) => text(value) !== text(valueAt(defaults, path)));
  const inputs = { image: server.spec.image, realm: realmOf(server), fields: Object.fromEntries(chosen) };
  return createHash('sha256').update(text(inputs)).digest('hex').slice(0, 8);
}

function valueAt(fields: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => (found as Fields | undefined)?.[key], fields);
}

/** The same for equal data: keys in one order, nothing that is undefined. */
function text(value: unknown): string {
  return JSON.stringify(value, ordered);
}

function ordered(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
