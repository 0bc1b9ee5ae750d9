/** What the page's server told a bot. */
import type { Person, ToPage } from '../page/server/pageMessages.ts';

type Joined = Extract<ToPage, { type: 'joined' }>;

/** Takes messages and keeps what they say. */
export interface Inbox {
  take(message: ToPage): void;
  /** Rejects with the server's reason when it refuses. */
  joined(): Promise<Joined>;
  people(): readonly Person[];
  /** Why the session ended, undefined while it lasts. The first reason stays. */
  ended(): string | undefined;
  /** Who takes SDP and candidates from now on; what came before is handed over. */
  onSignal(handle: (data: string) => void): void;
}

/** An empty inbox. */
export function createInbox(): Inbox {
  const joined = Promise.withResolvers<Joined>();
  const early: string[] = [];
  let handleSignal = (data: string): void => void early.push(data);
  let people: readonly Person[] = [];
  let endedBy: string | undefined;
  const take = (message: ToPage): void => {
    switch (message.type) {
      case 'joined':
        joined.resolve(message);
        break;
      case 'refused':
        joined.reject(new Error(message.reason));
        break;
      case 'people':
        people = message.people;
        break;
      case 'signal':
        handleSignal(message.data);
        break;
      case 'ended':
        endedBy ??= message.reason;
        break;
      case 'denied': // A bot shares nothing.
      case 'took': // Nor does it say anything again.
    }
  };
  return {
    take,
    joined: () => joined.promise,
    people: () => people,
    ended: () => endedBy,
    onSignal: (handle) => {
      handleSignal = handle;
      early.splice(0).forEach(handle);
    },
  };
}
