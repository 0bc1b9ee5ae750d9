/** Everything about a cluster that is settled before any of it starts. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { addressesOf } from './addresses.ts';
import type { Addresses, NodeAddresses } from './addresses.ts';
import { createApi } from './api.ts';
import type { ApiRequest } from './api.ts';
import type { Binaries } from './binaries.ts';
import { writePki } from './controlPlane/pki.ts';
import type { Pki } from './controlPlane/pki.ts';
import { createFailures } from './failures.ts';
import type { Failures } from './failures.ts';
import { kubeconfig } from './kubeconfig.ts';
import { Machine } from './machine.ts';
import type { MachineOptions } from './machine.ts';
import type { ClusterOptions } from './options.ts';
import type { OwnedSlot } from './owner.ts';

/** See above. */
export interface Layout {
  readonly options: ClusterOptions;
  readonly slot: OwnedSlot;
  readonly addresses: Addresses;
  readonly binaries: Binaries;
  readonly pki: Pki;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly api: ApiRequest;
  readonly logDir: string;
  readonly failures: Failures;
  /** A machine whose processes are recorded and whose failures are reported. */
  readonly newMachine: (machine: Pick<MachineOptions, 'name' | 'namespace' | 'initArgs'>) => Machine;
  /** Takes the power from all machines, then removes all traces. Safe to call twice. */
  readonly remove: () => Promise<void>;
}

/** Writes certificates and kubeconfigs into the slot. */
export function layOut(
  options: ClusterOptions,
  slot: OwnedSlot,
  parts: { readonly binaries: Binaries; readonly nodes: readonly NodeAddresses[] },
): Layout {
  const addresses = addressesOf(slot.number);
  const pki = writePki(join(slot.dir, 'pki'), addresses, parts.nodes);
  const authority = pki.authority.certificate;
  const access = { server: addresses.apiServer, authority, credentials: pki.admin };
  const kubeconfigPath = join(slot.dir, 'kubeconfig');
  writeFileSync(kubeconfigPath, kubeconfig({ ...access, user: 'kubernetes-admin' }), { mode: 0o600 });
  const logDir = options.logDir ?? join(slot.dir, 'logs');
  const failures = createFailures((error) => options.say?.(error.message));
  const machines: Machine[] = [];
  return {
    options,
    slot,
    addresses,
    pki,
    logDir,
    failures,
    binaries: besideTheCluster(parts.binaries, join(slot.dir, 'bin')),
    kubeconfig: kubeconfigPath,
    api: createApi(access),
    newMachine: (machine) => {
      const created = new Machine({
        ...machine,
        logDir: join(logDir, machine.name),
        onStart: (processes) => slot.recordProcesses(machine.name, processes),
        onFailure: (error) => failures.report(error),
      });
      machines.push(created);
      return created;
    },
    async remove() {
      await Promise.all(machines.map((machine) => machine.powerOff()));
      await slot.remove();
    },
  };
}

/**
 * The same programs in a folder of the cluster's own: a node has its own /run and
 * /var/lib, and what the machine has there (a home directory, maybe) it does not see.
 */
function besideTheCluster(binaries: Binaries, dir: string): Binaries {
  mkdirSync(dir, { recursive: true });
  const here = Object.entries(binaries)
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => {
      const real = realpathSync(path); // Most are links to one and the same.
      if (!existsSync(join(dir, basename(real)))) linkOrCopy(real, join(dir, basename(real)));
      if (basename(real) !== name) symlinkSync(basename(real), join(dir, name));
      return [name, join(dir, name)];
    });
  return Object.fromEntries(here) as Binaries;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // On another file system.
  }
}
