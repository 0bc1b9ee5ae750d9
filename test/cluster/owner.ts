/** A slot for as long as this process lives: what is recorded there goes when the process does. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CgroupSteps } from './cgroups.ts';
import { release } from './machine.ts';
import { claimSlot, readRecord, removeSlot, slotDir, writeRecord } from './slots.ts';
import type { SlotRecord } from './slots.ts';
import type { ProcessIdentity } from './processes.ts';

/** A slot that this process owns. */
export interface OwnedSlot {
  readonly number: number;
  readonly dir: string;
  recordProcesses(machine: string, processes: readonly ProcessIdentity[]): void;
  recordCgroups(cgroups: Pick<CgroupSteps, 'directories' | 'undo'>): void;
  /** Ends and removes everything in it. Safe to call twice. */
  remove(): Promise<void>;
}

/** Takes a free slot, and starts the reaper that watches over it. */
export async function ownSlot(): Promise<OwnedSlot> {
  const number = await claimSlot();
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts'), String(number)], {
    detached: true, // Ctrl-C is for the owner; the reaper acts when the owner has.
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  release(reaper);
  const change = (changes: (record: SlotRecord) => Partial<SlotRecord>): void => {
    const record = readRecord(number);
    if (record === undefined)
      throw new Error('the record of the cluster is gone: was it removed by another process?');
    writeRecord(number, { ...record, ...changes(record) });
  };
  let removal: Promise<void> | undefined;
  return {
    number,
    dir: slotDir(number),
    recordProcesses: (machine, processes) =>
      change((record) => ({ processes: { ...record.processes, [machine]: processes } })),
    recordCgroups: ({ directories, undo }) => change(() => ({ cgroups: { directories, undo } })),
    remove() {
      removal ??= removeSlot(number).then(
        () => void reaper.kill('SIGKILL'),
        (error: unknown) => {
          removal = undefined; // Another call may try again.
          throw error;
        },
      );
      return removal;
    },
  };
}
