/**
 * Who may connect to a stock rtcd: it keeps its clients in a store of its own, which a new pod
 * begins empty. They are registered with the admin key before the pod is published.
 */
import { createHash } from 'node:crypto';

/** The content of a client Secret. */
export interface RtcdClient {
  readonly clientID: string;
  readonly authKey: string;
}

/** One rtcd, and who is to be known there. */
export interface RtcdInstance {
  /** Uid of the pod: its store lives as long. */
  readonly uid: string;
  readonly clients: readonly RtcdClient[];
}

/** `POST path` with a JSON body and the admin key → status code. */
export type Post = (path: string, body: object) => Promise<number>;

/** Registers clients, each once per pod and key. */
export interface RtcdRegistrar {
  /** Rejects with the client that cannot be registered, and why. */
  admit(instance: RtcdInstance, post: Post): Promise<void>;
}

/** A registrar that remembers nothing yet: after a start it looks once whether each is known. */
export function createRtcdRegistrar(): RtcdRegistrar {
  const known = new Map<string, string>();
  return {
    async admit({ uid, clients }, post) {
      const digest = digestOf(clients);
      if (known.get(uid) === digest) return;
      for (const client of clients) await register(client, post);
      known.set(uid, digest);
      if (known.size > maxPods) known.delete(known.keys().next().value ?? '');
    },
  };
}

/** More than an operator has pods; who is forgotten is looked at once more. */
const maxPods = 10_000;

function digestOf(clients: readonly RtcdClient[]): string {
  return createHash('sha256').update(JSON.stringify(clients)).digest('base64');
}

/** A login tells an unknown client, or another key, with 400 (wire spec 1.2). */
async function register({ clientID, authKey }: RtcdClient, post: Post): Promise<void> {
  if ((await post('/login', { clientID, authKey })) === 200) return;
  await post('/unregister', { clientID });
  const status = await post('/register', { clientID, authKey });
  if (status !== 201)
    throw new Error(`client ${clientID} cannot be registered: POST /register answered ${status}`);
}
