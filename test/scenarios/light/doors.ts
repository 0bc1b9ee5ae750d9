/** The HTTP side of the SFUs of light nodes: each listens on its machine's address, as long as it lives. */
import { serveSfu, type SfuState } from '../../support/fakeSfu.ts';
import type { Machine } from '../sim/machine.ts';
import type { FakeSfu } from '../sim/sfu.ts';

/** See the file comment. */
export interface Doors {
  open(sfu: FakeSfu, machine: Pick<Machine, 'address'>): void;
  close(sfu: FakeSfu): void;
  /** The machine has another address: what listens on all of them is reached by the new one only. */
  move(sfu: FakeSfu, machine: Pick<Machine, 'address'>): void;
  closeAll(): Promise<void>;
}

type Door = ReturnType<typeof serveSfu>;

/** All on the same port. */
export function createDoors(port: number): Doors {
  const doors = new Map<FakeSfu, Door>();
  const closing: Promise<void>[] = [];
  const close = (sfu: FakeSfu): void => {
    const door = doors.get(sfu);
    doors.delete(sfu);
    if (door !== undefined) closing.push(door.then((one) => one.close()));
  };
  const open: Doors['open'] = (sfu, { address: host }) =>
    // Its predecessor on this machine may be closing.
    void doors.set(
      sfu,
      Promise.all(closing).then(() => serveSfu(stateOf(sfu), { host, port })),
    );
  return {
    open,
    close,
    move(sfu, machine) {
      close(sfu);
      open(sfu, machine);
    },
    async closeAll() {
      for (const sfu of [...doors.keys()]) close(sfu);
      await Promise.all(closing);
    },
  };
}

/** Once told to end, an SFU drains for good. */
function stateOf(sfu: FakeSfu): SfuState {
  return {
    probe: undefined,
    get version() {
      return sfu.version;
    },
    get sessions() {
      return sfu.sessions;
    },
    get load() {
      return sfu.load;
    },
    get answers() {
      return !sfu.isSilent;
    },
    get isDraining() {
      return sfu.isDraining;
    },
    set isDraining(isDraining) {
      sfu.isDraining = sfu.isEnding || isDraining;
    },
  };
}
