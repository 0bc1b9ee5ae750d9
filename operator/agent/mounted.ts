/** What is mounted into the pod, as text. Read again and again: the kubelet changes it below us. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretKeys } from '../desired/names.ts';
import { turnPaths, turnSecretKeys } from '../desired/turn/names.ts';

/** Undefined: the file is not there. */
export interface Mounted {
  /** `agent.json`. */
  readonly settings: string | undefined;
  /** What credentials are made with, what they were made with, and what they will be. */
  readonly secret: string | undefined;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  /** One address or range per line. */
  readonly peers: string | undefined;
  /** Comma list, the public one first; empty while unknown. */
  readonly address: string | undefined;
  /** PEM. */
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
}

/** Throws when a file is there and cannot be read. */
export function readMounted(etc: string): Mounted {
  const read = (...path: readonly string[]): string | undefined => readIfThere(join(etc, ...path));
  return {
    settings: read('config', turnPaths.settingsFile),
    secret: read('secrets', turnSecretKeys.secret),
    previous: read('secrets', turnSecretKeys.previous),
    next: read('secrets', turnSecretKeys.next),
    peers: read('peers', turnPaths.peersFile),
    address: read('pod', turnPaths.addressFile),
    certificate: read('tls', secretKeys.certificate),
    privateKey: read('tls', secretKeys.privateKey),
  };
}

/** Undefined: there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
