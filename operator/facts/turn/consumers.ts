/**
 * Pods of others that get the TURN secret from a Secret of ours: a Mattermost reads its environment only when it
 * starts. They carry no label of ours, and a watch of all pods would cost memory for ever; so they are listed in
 * pages from time to time, and only in namespaces and while an old secret waits for them.
 */
import type { KubeApi } from '../../kube/api.ts';
import { sleep, type Clock } from '../../kube/clock.ts';
import { ForbiddenError } from '../../kube/errors.ts';
import { pods } from '../../kube/resources.ts';
import type { Log } from '../../ops/logger.ts';
import type { Consumer } from '../../turn/rotation/adoption.ts';
import { consumerOf } from './consumer.ts';

/** A Secret whose users are to be known. */
export interface WatchedSecret {
  readonly namespace: string;
  readonly name: string;
}

/** Who uses some Secrets, as far as anybody may see. */
export interface Consumers {
  readonly consumers: readonly Consumer[];
  /** Places whose pods cannot be seen. */
  readonly unseen: readonly string[];
  /** Places that were not looked at yet; absent: none. */
  readonly pending?: readonly string[];
}

/** See the file comment. */
export interface ConsumerWatch {
  /** The last answer; from then on it is kept current, until `of` is called with no Secrets. */
  of(key: string, secrets: readonly WatchedSecret[]): Consumers;
  /** The last answer, also where none is wanted any more; keeps nothing current. */
  known(key: string): Consumers;
  start(): void;
  stop(): void;
}

/** What it is made of. */
export interface ConsumerWatchDeps {
  readonly kube: Pick<KubeApi, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with the key when another answer was found. */
  readonly onNews: (key: string) => void;
  /** From one look to the next. */
  readonly periodMs: number;
}

const pageSize = 100;

interface Interest {
  readonly secrets: readonly WatchedSecret[];
  readonly found: Consumers;
}

/** A watch that sees nothing before `start()`. */
export function createConsumerWatch(deps: ConsumerWatchDeps): ConsumerWatch {
  const interests = new Map<string, Interest>();
  const abort = new AbortController();
  const { signal } = abort;
  const look = async (key: string): Promise<void> => {
    const interest = interests.get(key);
    if (interest === undefined) return;
    try {
      const found = await consumersIn(deps.kube, interest.secrets);
      if (interests.get(key)?.secrets !== interest.secrets) return;
      interests.set(key, { ...interest, found });
      if (JSON.stringify(found) !== JSON.stringify(interest.found)) deps.onNews(key);
    } catch (error) {
      deps.log.warn({ turnServer: key, err: error }, 'Could not look for users of the TURN secret');
    }
  };
  const round = async (): Promise<void> => {
    while (!signal.aborted) {
      for (const key of [...interests.keys()]) await look(key);
      await sleep(deps.clock, deps.periodMs, signal);
    }
  };
  return {
    of(key, secrets) {
      const known = interests.get(key);
      if (secrets.length === 0) {
        interests.delete(key);
        return { consumers: [], unseen: [] };
      }
      if (known !== undefined && JSON.stringify(known.secrets) === JSON.stringify(secrets))
        return known.found;
      const found = { consumers: [], unseen: [], pending: placesOf(secrets) };
      interests.set(key, { secrets, found });
      return found;
    },
    known: (key) => interests.get(key)?.found ?? { consumers: [], unseen: [] },
    start: () => void round(),
    stop: () => abort.abort(),
  };
}

function placesOf(secrets: readonly WatchedSecret[]): string[] {
  return [...new Set(secrets.map(({ namespace }) => `namespace ${namespace}`))];
}

async function consumersIn(
  kube: ConsumerWatchDeps['kube'],
  secrets: readonly WatchedSecret[],
): Promise<Consumers> {
  const consumers: Consumer[] = [];
  const unseen: string[] = [];
  for (const [namespace, group] of Map.groupBy(secrets, (secret) => secret.namespace)) {
    const names = new Set(group.map(({ name }) => name));
    try {
      consumers.push(...(await consumersOf(kube, namespace, names)));
    } catch (error) {
      if (!(error instanceof ForbiddenError)) throw error;
      unseen.push(`namespace ${namespace}`);
    }
  }
  return { consumers: consumers.toSorted((a, b) => (a.name < b.name ? -1 : 1)), unseen };
}

async function consumersOf(
  kube: ConsumerWatchDeps['kube'],
  namespace: string,
  names: ReadonlySet<string>,
): Promise<Consumer[]> {
  const found: Consumer[] = [];
  for (let continueToken = ''; ;) {
    const page = await kube.list(pods, {
      ...{ namespace, limit: pageSize },
      ...(continueToken !== '' && { continueToken }),
    });
    found.push(...page.items.flatMap((pod) => consumerOf(pod, names) ?? []));
    continueToken = page.continueToken;
    if (continueToken === '') return found;
  }
}
