/**
 * Which clusters exist on this machine: a directory each, with a record of the
 * owner and of everything that the kernel would keep when the owner is gone.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { run } from '../setup/run.ts';
import { addressesOf, freeSlot } from './addresses.ts';
import type { CgroupSteps } from './cgroups.ts';
import { removeCgroups } from './cgroupFiles.ts';
import { withMachineLock } from '../../sfu/worker/lock.ts';
import { removeNetwork } from './network.ts';
import { identify, isAlive, kill } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

/** On disk rather than in memory: images are unpacked here. */
export const slotsDir = process.env['RTC_CLUSTERS'] ?? '/var/tmp/rtc-clusters';

/** Of directories whose removal has begun. */
const doomedPrefix = 'removed-';

/** What must be known to remove a cluster without its owner. */
export interface SlotRecord {
  readonly owner: ProcessIdentity;
  /** Process trees, by machine. */
  readonly processes: Readonly<Record<string, readonly ProcessIdentity[]>>;
  readonly cgroups?: Pick<CgroupSteps, 'directories' | 'undo'>;
}

/** Where the slot's files are. */
export function slotDir(slot: number): string {
  return join(slotsDir, String(slot));
}

/** Removes what dead owners left, then takes a free slot for this process. */
export async function claimSlot(): Promise<number> {
  return withMachineLock('rtc-clusters', async () => {
    await sweepDead();
    const machineAddresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => address),
    );
    const slot = freeSlot(takenSlots(), machineAddresses);
    if (slot === undefined) throw new Error(`no free slot for one more cluster: see ${slotsDir}`);
    const owner = identify(process.pid);
    if (owner === undefined) throw new Error('/proc does not show this process');
    await mkdir(slotDir(slot), { recursive: true });
    writeRecord(slot, { owner, processes: {} });
    return slot;
  });
}

/** Removes the clusters whose owners are gone; returns their slots. */
export async function sweep(): Promise<readonly number[]> {
  return withMachineLock('rtc-clusters', sweepDead);
}

async function sweepDead(): Promise<readonly number[]> {
  const dead = takenSlots().filter((slot) => {
    const record = readRecord(slot);
    return record === undefined || !isAlive(record.owner);
  });
  for (const slot of dead) await removeSlot(slot);
  for (const name of namesIn(slotsDir).filter((entry) => entry.startsWith(doomedPrefix)))
    await rm(join(slotsDir, name), { recursive: true, force: true });
  return dead;
}

/** Ends and removes everything of the cluster in `slot`. Safe to repeat, and after it was interrupted. */
export async function removeSlot(slot: number): Promise<void> {
  const record = readRecord(slot);
  const { prefix } = addressesOf(slot);
  await Promise.all(
    Object.values(record?.processes ?? {})
      .flat()
      .map(kill),
  );
  // The kernel takes its time to clean up a namespace; the machine's own link goes at once.
  if (existsSync(`/sys/class/net/${prefix}`)) await run('ip', ['link', 'del', prefix]);
  await removeNetwork(namespacesOf(prefix));
  if (record?.cgroups !== undefined) await removeCgroups(record.cgroups);
  await removeFiles(slot);
}

/** Gives the number free in one step, so that whoever takes it next starts with an empty directory. */
async function removeFiles(slot: number): Promise<void> {
  const doomed = join(slotsDir, `${doomedPrefix}${slot}-${process.pid}`);
  await rename(slotDir(slot), doomed).catch((error: unknown) => {
    if (existsSync(slotDir(slot))) throw error;
  });
  await rm(doomed, { recursive: true, force: true, maxRetries: 5 });
}

function namespacesOf(prefix: string): readonly string[] {
  return namesIn('/run/netns').filter((name) => name === prefix || name.startsWith(`${prefix}-`));
}

function takenSlots(): readonly number[] {
  return namesIn(slotsDir).map(Number).filter(Number.isInteger);
}

function namesIn(dir: string): readonly string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

/** Undefined when the slot was left before its first record was written. */
export function readRecord(slot: number): SlotRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(slotDir(slot), 'record.json'), 'utf8')) as SlotRecord;
  } catch {
    return undefined;
  }
}

/** Written before a thing is made, so that a crash in between leaves nothing unknown. */
export function writeRecord(slot: number, record: SlotRecord): void {
  writeFileSync(join(slotDir(slot), 'record.json'), JSON.stringify(record));
}
