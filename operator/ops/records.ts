/** `GET /clusters`, `GET /clusters/<namespace>/<name>` and the same of `/turnservers`: what `kubectl rtc why` and `plan` are answered from. */
import type { ObjectKey } from '../kube/api.ts';
import { writeRecord, type AnyRecord, type ClusterRecord, type TurnRecord } from '../record/record.ts';
import { serveAnswers, type Answer } from './health.ts';
import type { Place, SmallServer } from './listen.ts';

/** Records of one kind. */
export interface Records<R extends AnyRecord> {
  readonly keys: () => readonly ObjectKey[];
  /** Undefined when there is no such object. */
  readonly recordOf: (key: ObjectKey) => R | undefined;
  /** Why nobody can say yet whether there is such an object; undefined: it can be said. Default: always. */
  readonly unseen?: (key: ObjectKey) => string | undefined;
}

/** Where records come from. */
export interface RecordSource {
  /** Who only stands by asks no pod and decides nothing. */
  readonly isLeader: () => boolean;
  readonly clusters: Records<ClusterRecord>;
  readonly turnservers: Records<TurnRecord>;
}

/** By the first part of the path. */
const kinds = { clusters: 'RTCCluster', turnservers: 'TurnServer' } as const;

const json = 'application/json';
const standsBy = 'this replica stands by and decides nothing: ask the one that the Lease names as its holder';

/** A record is made at most once in this time: whoever asks again and again must not keep the leader from its work. */
const keptMs = 1_000;

/** On a port of its own: who may scrape metrics need not read this. Resolves when it listens. */
export function startRecordServer(
  source: RecordSource,
  { nowMs, ...place }: Place & { readonly nowMs: () => number },
): Promise<SmallServer> {
  const kept = new Map<string, { readonly answer: Answer; readonly untilMs: number }>();
  return serveAnswers(place, (path) => {
    const found = kept.get(path);
    if (found !== undefined && nowMs() < found.untilMs) return Promise.resolve(found.answer);
    const answer = recordAnswer(source, path) ?? nothingHere;
    if (answer.status === 200) kept.set(path, { answer, untilMs: nowMs() + keptMs });
    else kept.delete(path);
    return Promise.resolve(answer);
  });
}

const nothingHere: Answer = {
  status: 404,
  text: 'not found: try /clusters, /clusters/<namespace>/<name>, /turnservers or /turnservers/<namespace>/<name>',
};

/** Undefined when the path is none of ours. */
export function recordAnswer(source: RecordSource, path: string): Answer | undefined {
  const [root = '', namespace, name, ...rest] = path.split('/').slice(1).map(decoded);
  if (!isKind(root) || rest.length > 0) return undefined;
  if (!source.isLeader()) return { status: 409, text: standsBy };
  if (namespace === undefined)
    return { status: 200, type: json, text: JSON.stringify({ [root]: source[root].keys() }) };
  if (name === undefined) return undefined;
  const record = source[root].recordOf({ namespace, name });
  if (record !== undefined) return { status: 200, type: json, text: writeRecord(record) };
  const what = `${kinds[root]} ${namespace}/${name}`;
  const why = source[root].unseen?.({ namespace, name });
  if (why !== undefined) return { status: 503, text: `nothing can be told of ${what} yet: ${why}` };
  return { status: 404, text: `no ${what} that this operator serves: see its watchNamespaces` };
}

function isKind(root: string): root is keyof typeof kinds {
  return Object.hasOwn(kinds, root);
}

/** A part that is no URI component is no name either. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
