/** The way to one Kubernetes, as kubectl's own options name it. */
import type { KubeApi, KubeObject, Resource, Selection } from '../kube/api.ts';
import { createKubeClient } from '../kube/client.ts';
import { loadKubeConfig } from '../kube/credentials.ts';
import { ForbiddenError, KubeError } from '../kube/errors.ts';
import { listSelected } from '../kube/listAll.ts';
import * as resources from '../kube/resources.ts';
import { labels } from '../desired/names.ts';
import { CliError } from './io.ts';
import { manager } from './manager.ts';

/** Options of every verb. */
export interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly output: 'text' | 'json';
  /** Where the operator is; default: found by its Lease. */
  readonly operatorNamespace?: string;
  /** Name of its Lease. */
  readonly operatorName: string;
  /** Asked instead of the way through the API server, such as a port-forward's `http://127.0.0.1:8081`. */
  readonly operatorUrl?: string;
  /** Whether this is a pod of the operator itself. */
  readonly isInside?: boolean;
}

/** See the file comment. */
export interface Session {
  readonly kube: KubeApi;
  /** The namespace that is meant. */
  readonly namespace: string;
  readonly options: GlobalOptions;
  /** What is no object, as text. */
  readonly read: (path: string) => Promise<string>;
  /** All of a kind, in pages; none where the kind is not served. */
  readonly all: (resource: Resource, selection: Selection) => Promise<readonly KubeObject[]>;
  /** Aborted at its end: nobody waits for what still runs. */
  readonly ended: AbortSignal;
  /** Gives up what still runs. */
  close(): Promise<void>;
}

/** Throws a CliError when the kubeconfig cannot be used. */
export function openSession(options: GlobalOptions): Session {
  const { kubeconfig, context } = options;
  const config = configOf(kubeconfig, context);
  const client = createKubeClient({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...{ fieldManager: manager, userAgent: manager },
  });
  const kube = client.api();
  const end = new AbortController();
  return {
    kube,
    options,
    ended: end.signal,
    namespace: options.namespace ?? config.namespace ?? 'default',
    read: (path) => client.read(path),
    all: (resource, selection) => listSelected(kube, resource, selection),
    close() {
      end.abort();
      return client.abandon();
    },
  };
}

function configOf(file: string | undefined, context: string | undefined): { readonly namespace?: string } {
  try {
    const config = loadKubeConfig(file, context);
    const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
    return namespace === undefined ? {} : { namespace };
  } catch (error) {
    throw new CliError(
      `The kubeconfig cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The RTCCluster of that name; without a name the only one in the namespace. */
export async function clusterIn(session: Session, name: string | undefined): Promise<KubeObject> {
  const { namespace } = session;
  if (name !== undefined) return oneOf(session, resources.rtcclusters, name);
  const found = await session.all(resources.rtcclusters, { namespace });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = found.map(({ metadata }) => metadata.name).join(', ');
  throw new CliError(
    found.length === 0
      ? `There is no RTCCluster in namespace ${namespace}: name another with -n`
      : `There are ${found.length} RTCClusters in namespace ${namespace}: name one of ${names}`,
  );
}

/** Listed, since the operator itself may do that and no more. Throws a CliError that says where it was looked for. */
export async function oneOf(session: Session, resource: Resource, name: string): Promise<KubeObject> {
  const found = await maybeOne(session, resource, name);
  if (found !== undefined) return found;
  if (!resource.namespaced) throw new CliError(`There is no ${resource.kind} ${name}`);
  const there = await namesOf(session, resource).catch(() => []);
  throw new CliError(`There is no ${resource.kind} ${name}${placeText(session.namespace, there)}`);
}

/** Where it was looked for, and what is there instead. */
export function placeText(namespace: string, there: readonly string[]): string {
  const place = ` in namespace ${namespace}`;
  return there.length === 0
    ? `${place}: name another with -n`
    : `${place}; there ${there.length === 1 ? 'is' : 'are'} ${there.join(', ')}. Name another namespace with -n`;
}

/** Of pods only ours. */
async function namesOf({ all, namespace }: Session, resource: Resource): Promise<readonly string[]> {
  const ours = resource.kind === 'Pod' ? { labelSelector: `${labels.role} in (sfu,turn)` } : {};
  return (await all(resource, { namespace, ...ours })).map(({ metadata }) => metadata.name);
}

/** The same where none is an answer: undefined. */
export async function maybeOne(
  { all, namespace }: Session,
  resource: Resource,
  name: string,
): Promise<KubeObject | undefined> {
  const where = resource.namespaced ? { namespace } : {};
  const [found] = await all(resource, { ...where, fieldSelector: `metadata.name=${name}` });
  return found;
}

/** A sentence for people about what went wrong with a request. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ForbiddenError)
    return `${error.message}. Ask for the ClusterRole of the chart that ends in -viewer (to look) or -user (to act).${ofPod(error)}`;
  if (error instanceof KubeError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** Nobody gives the operator's own account more rights for the sake of a look from its pod. */
function ofPod({ message }: ForbiddenError): string {
  return message.includes('"system:serviceaccount:')
    ? ' In a pod of the operator that is its own account: type it where you are yourself instead.'
    : '';
}
