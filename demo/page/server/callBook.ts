/** The calls and who is in them, as the plugin keeps them in its database: plain data, no connections. */
import type { Asked } from './hostSet.ts';
import type { Person } from './pageMessages.ts';

/** One call. It stays on `address` until its last session ends. */
export interface Call {
  readonly callID: string;
  /** The link name: what Mattermost calls the channel. */
  readonly channel: string;
  readonly address: string;
  /** Why `address` was chosen. */
  readonly reason: string;
  /** The hosts that were asked for their load, in that order. */
  readonly asked: readonly Asked[];
  readonly people: ReadonlyMap<string, Person>;
}

/** Calls by channel, sessions by id. */
export interface CallBook {
  call(channel: string): Call | undefined;
  callOf(sessionID: string): Call | undefined;
  /** Calls in the order in which they began. */
  calls(): readonly Call[];
  begin(call: Omit<Call, 'people'>): Call;
  /** Adds a person or changes one. False when the call is over. */
  put(channel: string, person: Person): boolean;
  /** Changes what is known of a session; false for one that is in no call. */
  change(sessionID: string, change: Partial<Omit<Person, 'sessionID'>>): boolean;
  /** Takes a session out; the call ends with its last one. Returns the call it was in. */
  remove(sessionID: string): Call | undefined;
}

/** An empty book. */
export function createCallBook(): CallBook {
  const calls = new Map<string, Call>();
  const withPeople = (call: Call, people: ReadonlyMap<string, Person>): void => {
    if (people.size === 0) calls.delete(call.channel);
    else calls.set(call.channel, { ...call, people });
  };
  const callOf = (sessionID: string): Call | undefined =>
    [...calls.values()].find((call) => call.people.has(sessionID));
  return {
    call: (channel) => calls.get(channel),
    callOf,
    calls: () => [...calls.values()],
    begin: (call) => {
      const begun = { ...call, people: new Map<string, Person>() };
      calls.set(call.channel, begun);
      return begun;
    },
    put: (channel, person) => {
      const call = calls.get(channel);
      if (call === undefined) return false;
      withPeople(call, new Map(call.people).set(person.sessionID, person));
      return true;
    },
    change: (sessionID, change) => {
      const call = callOf(sessionID);
      const person = call?.people.get(sessionID);
      if (call === undefined || person === undefined) return false;
      withPeople(call, new Map(call.people).set(sessionID, { ...person, ...change }));
      return true;
    },
    remove: (sessionID) => {
      const call = callOf(sessionID);
      if (call !== undefined)
        withPeople(call, new Map([...call.people].filter(([other]) => other !== sessionID)));
      return call;
    },
  };
}
