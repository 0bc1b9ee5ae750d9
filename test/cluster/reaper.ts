/**
 * Waits beside a cluster until its owner is gone, however that happened, and
 * removes the cluster. Started with the slot as argument; standard input is a
 * pipe whose other end only the owner has.
 */
import { isDeepStrictEqual } from 'node:util';
import { withMachineLock } from '../../sfu/worker/lock.ts';
import { readRecord, removeSlot } from './slots.ts';

const slot = Number(process.argv[2]);
const watched = readRecord(slot)?.owner;
process.stdin.resume().on('end', () => {
  void withMachineLock('rtc-clusters', async () => {
    // The next cluster may already have swept up and taken the slot.
    if (isDeepStrictEqual(readRecord(slot)?.owner, watched)) await removeSlot(slot);
  });
});
