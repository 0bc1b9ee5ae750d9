/** Asks DNS again and again for the names that Mattermosts outside the cluster find pods by. */
import type { Clock } from '../kube/clock.ts';
import type { Log } from '../ops/logger.ts';

/** A name and the cluster it is of. */
export interface WatchedName {
  /** `namespace/name`. */
  readonly cluster: string;
  readonly hostname: string;
}

/** What DNS said of one name. */
export interface NameFacts {
  readonly hostname: string;
  /** A records of the last answer; none when there is no such name. */
  readonly addresses: readonly string[];
  /** Why there was no answer the last time: an error code such as ENOTFOUND. */
  readonly problem?: string;
  /** When each address was last in an answer, milliseconds since the epoch. */
  readonly namedAtMs: Readonly<Record<string, number>>;
}

/** What a watch is made of. */
export interface NameWatchDeps {
  /** A records; rejects with a `code`, as node:dns does. Bounded in time by itself. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly log: Log;
  /** What to ask for, now. */
  readonly names: () => readonly WatchedName[];
  /** Called with the cluster of a name whose answer changed. */
  readonly onNews: (cluster: string) => void;
  /** From one round to the next. */
  readonly periodMs: number;
}

/** See the file comment. */
export interface NameWatch {
  /** Starts the rounds; resolves when every name was asked for once. */
  start(): Promise<void>;
  stop(): void;
  /** The last facts about the name of this cluster. */
  of(cluster: string): NameFacts | undefined;
}

/** How long an address that is gone is remembered: longer than any resolver may cache it. */
const rememberedMs = 3_600_000;

/** A watch that asks nothing before `start()`. */
export function createNameWatch(deps: NameWatchDeps): NameWatch {
  const known = new Map<string, NameFacts>();
  let cancel: (() => void) | undefined;
  const round = async (): Promise<void> => {
    cancel = deps.clock.after(deps.periodMs, () => void round());
    const names = deps.names();
    const clusters = new Set(names.map(({ cluster }) => cluster));
    for (const cluster of known.keys()) if (!clusters.has(cluster)) known.delete(cluster);
    await Promise.all(names.map((name) => ask(deps, known, name)));
  };
  return {
    start: () => round(),
    stop() {
      cancel?.();
    },
    of: (cluster) => known.get(cluster),
  };
}

async function ask(deps: NameWatchDeps, known: Map<string, NameFacts>, name: WatchedName): Promise<void> {
  const last = known.get(name.cluster);
  const before = last?.hostname === name.hostname ? last : undefined;
  const answer = await answerOf(deps, name.hostname);
  const after = factsAfter(before, { ...answer, hostname: name.hostname }, deps.clock.wallMs());
  known.set(name.cluster, after);
  if (isSame(before, after)) return;
  const { hostname, addresses, problem } = after;
  deps.log.info({ cluster: name.cluster, hostname, addresses, problem }, 'Resolved name outside the cluster');
  deps.onNews(name.cluster);
}

type Answer = Pick<NameFacts, 'problem'> & { readonly addresses?: readonly string[] };

/** A name that is not there is an answer; a server that says nothing is none, and changes no address. */
async function answerOf({ resolve }: NameWatchDeps, hostname: string): Promise<Answer> {
  try {
    return { addresses: (await resolve(hostname)).toSorted() };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const problem = typeof code === 'string' ? code : String(error);
    return notThere.has(problem) ? { addresses: [], problem } : { problem };
  }
}

const notThere = new Set(['ENOTFOUND', 'ENODATA']);

function factsAfter(
  before: NameFacts | undefined,
  answer: Answer & { readonly hostname: string },
  nowMs: number,
): NameFacts {
  const { hostname, problem, addresses } = answer;
  const kept = Object.entries(before?.namedAtMs ?? {}).filter(([, ms]) => nowMs - ms < rememberedMs);
  const named = (addresses ?? []).map((address) => [address, nowMs] as const);
  return {
    hostname,
    addresses: addresses ?? before?.addresses ?? [],
    namedAtMs: Object.fromEntries([...kept, ...named]),
    ...(problem !== undefined && { problem }),
  };
}

function isSame(before: NameFacts | undefined, after: NameFacts): boolean {
  return before?.problem === after.problem && before?.addresses.join() === after.addresses.join();
}
