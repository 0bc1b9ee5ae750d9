/** The people of a scenario: they come, speakers first, and go. */
import { randomBytes } from 'node:crypto';

import { idOf } from '../../demo/page/server/ids.ts';
import type { Plugin } from '../contract/plugin.ts';
import { sideBySide } from '../setup/sideBySide.ts';
import { eventually } from '../support/eventually.ts';
import { startMetronome } from './metronome.ts';
import type { Scenario, Storm } from './scenarios.ts';
import { joinUser, type User } from './user.ts';

const joinsAtOnce = 4;
const second = 1000;
/** A lost track is not waited for any longer: it does not come. */
const patience = { timeoutMs: 20_000 };

/** Whoever has heard nobody for so long comes again, as people do, so often. */
const deafMs = 6000;
const rejoinRounds = 2;

/** An id as Mattermost makes them. */
export const newID = (): string => idOf(randomBytes(16));

interface Guest {
  readonly user: User;
  readonly seat: Seat;
  /** Of what they send. */
  readonly silence: (() => void)[];
}

/** Everybody who is in a call; at first nobody. People are signalled by `plugin`. */
export class Hall {
  readonly #plugin: Plugin;
  readonly #metronome = startMetronome();
  readonly #guests: Guest[] = [];
  #delaysMs: number[] | undefined;
  #refusals = 0;
  #rejoins = 0;

  constructor(plugin: Plugin) {
    this.#plugin = plugin;
  }

  get users(): readonly User[] {
    return this.#guests.map(({ user }) => user);
  }

  /** Unmutings that were not negotiated at the first attempt: the person had to press again. */
  get refusals(): number {
    return this.#refusals;
  }

  /** People who heard nobody, and left and came again. */
  get rejoins(): number {
    return this.#rejoins;
  }

  /** Delays in milliseconds of what comes are added while there is a list. */
  listen(delaysMs: number[] | undefined): void {
    this.#delaysMs = delaysMs;
  }

  /** How fast people speak; 1 is life. */
  setSpeed(speed: number): void {
    this.#metronome.setSpeed(speed);
  }

  /** Speakers first, then the others. Resolves with how long each of these took to hear somebody, in milliseconds. */
  async fill(scenario: Scenario): Promise<readonly number[]> {
    const seats = seatsOf(scenario);
    for (const isSpeaker of [true, false])
      await this.#enterAll(seats.filter((seat) => seat.isSpeaker === isSpeaker));
    for (let round = 1; round <= rejoinRounds; round += 1) {
      const deaf = await deafAmong(this.#listeners());
      for (const guest of deaf) this.#leave(guest);
      this.#rejoins += deaf.length;
      await this.#enterAll(deaf.map(({ seat }) => seat));
    }
    return heardAfterMs(this.#listeners());
  }

  /** Plays one in the first call. Resolves with how long each took who heard somebody, in milliseconds. */
  async storm({ present, joins, joinsPerSecond }: Storm): Promise<readonly number[]> {
    const seat: Seat = { callID: this.#guests[0]!.seat.callID, isSpeaker: false, screenBps: 0 };
    const missing = present + 1 - this.#guests.length;
    await this.#enterAll(Array.from({ length: Math.max(0, missing) }, () => seat));
    const coming = Array.from({ length: joins }, async (_, index) => {
      await wait(index / joinsPerSecond);
      return this.#enter(seat);
    });
    const came = await Promise.all(coming);
    await deafAmong(came); // They are counted, and not waited for any longer.
    const tookMs = came.flatMap(({ user }) => user.heardAfterMs() ?? []);
    for (const guest of came) this.#leave(guest);
    return tookMs;
  }

  /** Everybody in turn: somebody else comes, then they go. Resolves with how many. */
  async replaceAll(seconds: number): Promise<number> {
    const leaving = [...this.#guests];
    for (const guest of leaving) {
      let [next] = await Promise.all([this.#enter(guest.seat), wait(seconds / leaving.length)]);
      while (!next.seat.isSpeaker && (await deafAmong([next])).length > 0) {
        this.#leave(next);
        this.#rejoins += 1;
        next = await this.#enter(guest.seat);
      }
      this.#leave(guest);
    }
    return leaving.length;
  }

  /** Idempotent. */
  empty(): void {
    this.#metronome.stop();
    for (const guest of [...this.#guests]) this.#leave(guest);
  }

  #listeners(): readonly Guest[] {
    return this.#guests.filter(({ seat }) => !seat.isSpeaker);
  }

  #enterAll(seats: readonly Seat[]): Promise<readonly Guest[]> {
    return sideBySide(seats, joinsAtOnce, (seat) => this.#enter(seat));
  }

  async #enter(seat: Seat): Promise<Guest> {
    const sessionID = newID();
    const onDelay = (delayMs: number): void => void this.#delaysMs?.push(delayMs);
    const user = joinUser({ plugin: this.#plugin, callID: seat.callID, sessionID, onDelay });
    const guest: Guest = { user, seat, silence: [] };
    this.#guests.push(guest);
    await user.connected;
    const onRefused = (): void => void (this.#refusals += 1);
    if (seat.isSpeaker) guest.silence.push(this.#metronome.add(await user.unmute(onRefused)));
    if (seat.screenBps > 0)
      guest.silence.push(this.#metronome.add(await user.share(seat.screenBps, onRefused)));
    return guest;
  }

  #leave(guest: Guest): void {
    for (const stop of guest.silence) stop();
    guest.user.leave();
    const place = this.#guests.indexOf(guest);
    if (place >= 0) this.#guests.splice(place, 1);
  }
}

/** Somebody's place in a call. */
export interface Seat {
  readonly callID: string;
  readonly isSpeaker: boolean;
  /** 0: shares nothing. */
  readonly screenBps: number;
}

/** Every seat of a scenario, in new calls. */
export function seatsOf({ calls, peoplePerCall, unmutedPerCall, screenBps }: Scenario): readonly Seat[] {
  return Array.from({ length: calls }, newID).flatMap((callID) =>
    Array.from({ length: peoplePerCall }, (_, seat) => ({
      callID,
      isSpeaker: seat < unmutedPerCall,
      screenBps: seat === 0 ? screenBps : 0,
    })),
  );
}

/** Waits until all have heard somebody; milliseconds from their joins. */
async function heardAfterMs(guests: readonly Guest[]): Promise<readonly number[]> {
  const users = guests.map(({ user }) => user);
  await eventually(() => stillDeaf(users), patience);
  return users.flatMap((user) => user.heardAfterMs() ?? []);
}

/** Those who hear nobody, though some time is given to them. */
async function deafAmong(guests: readonly Guest[]): Promise<readonly Guest[]> {
  const users = guests.map(({ user }) => user);
  await eventually(() => stillDeaf(users), { timeoutMs: deafMs }).catch(() => undefined);
  return guests.filter(({ user }) => user.heardAfterMs() === undefined);
}

function stillDeaf(users: readonly User[]): string | undefined {
  const deaf = users.filter((user) => user.heardAfterMs() === undefined).length;
  return deaf === 0 ? undefined : `${deaf} of ${users.length} to hear somebody`;
}

/** Resolves after so many seconds. */
export const wait = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * second));
