/** The texts of Secrets that nobody may read anywhere else. */
import * as resources from '../../../operator/kube/resources.ts';
import type { MachineServer } from './machine.ts';

const secretNames = new Set(['adminKey', 'authKey']);

/** As they are stored, and as they are said. */
export function secretsIn(server: Pick<MachineServer, 'list'>): string[] {
  return server.list(resources.secrets).flatMap((secret) =>
    Object.entries((secret['data'] ?? {}) as Readonly<Record<string, string>>)
      .filter(([key]) => secretNames.has(key))
      .flatMap(([, value]) => [value, Buffer.from(value, 'base64').toString()]),
  );
}
