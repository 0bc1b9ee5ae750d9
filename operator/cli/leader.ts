/** Asks the operator that leads: its pod is named by the Lease, and reached through the API server's proxy of pods. */
import type { KubeObject, ObjectKey } from '../kube/api.ts';
import { ForbiddenError, NotFoundError } from '../kube/errors.ts';
import { specOf } from '../kube/lease.ts';
import * as resources from '../kube/resources.ts';
import { readRecord, readTurnRecord, type ClusterRecord, type TurnRecord } from '../record/record.ts';
import { CliError, exitCodes } from './io.ts';
import type { Session } from './session.ts';
import { askInstead, standsBy } from './standby.ts';

/** There is no Lease of an operator where it was looked for. */
export class NoLeaseError extends CliError {}

/** As long as a call through the API server may take. A port-forward whose other end is gone takes a request and says nothing. */
const answerMs = 15_000;

/** The replica that acts. */
export interface Leader {
  readonly pod: ObjectKey;
  /** Of its records. */
  readonly port: number;
}

/** Of an RTCCluster. Throws a CliError that says why nobody can be asked. */
export async function recordOf(session: Session, cluster: KubeObject): Promise<ClusterRecord> {
  return readRecord(await askOperator(session, pathOf('clusters', cluster)));
}

/** Of a TurnServer. Throws a CliError that says why nobody can be asked. */
export async function turnRecordOf(session: Session, server: KubeObject): Promise<TurnRecord> {
  return readTurnRecord(await askOperator(session, pathOf('turnservers', server)));
}

/** Of either. Throws a CliError that says why nobody can be asked. */
export function recordOfAny(session: Session, object: KubeObject): Promise<ClusterRecord | TurnRecord> {
  return object.kind === 'TurnServer' ? turnRecordOf(session, object) : recordOf(session, object);
}

function pathOf(kind: string, { metadata: { namespace = '', name } }: KubeObject): string {
  return `/${kind}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

/** What the operator serves at `path`. */
export async function askOperator(session: Session, path: string): Promise<string> {
  const { operatorUrl, operatorNamespace, operatorName } = session.options;
  if (operatorUrl !== undefined) return fetched(session, urlOf(path, operatorUrl));
  try {
    const { pod, port } = await leaderOf(session);
    return await session.read(
      `/api/v1/namespaces/${pod.namespace ?? ''}/pods/${pod.name}:${port}/proxy${path}`,
    );
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    const where = operatorNamespace ?? 'of the operator';
    throw new CliError(
      `You may not ask the operator (${error.message}): that needs the Role ${operatorName}-reader of its chart in namespace ${where}. Or have its port forwarded to you: kubectl port-forward -n ${where} POD 8081 (the pod that leads), and --operator-url http://127.0.0.1:8081`,
    );
  }
}

function urlOf(path: string, base: string): URL {
  if (URL.canParse(base)) return new URL(path, base);
  throw new CliError(`--operator-url ${base} is no URL: write http://127.0.0.1:8081`, exitCodes.usage);
}

async function fetched(session: Session, url: URL): Promise<string> {
  const { status, text } = await answerAt(url, session.ended).catch((error: unknown) => {
    throw new CliError(`The operator does not answer at ${url.origin} (--operator-url): ${String(error)}`);
  });
  if (status === standsBy) return askInstead(session, { pod: (await holderOf(session)).pod, asked: url });
  if (status !== 200) throw new CliError(`The operator answered ${status}: ${text.trim()}`);
  return text;
}

async function answerAt(
  url: URL,
  ended: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(answerMs)]);
  const response = await fetch(url, { signal });
  return { status: response.status, text: await response.text() };
}

interface Holder {
  readonly pod: ObjectKey;
  readonly holderIdentity: string;
  readonly lease: KubeObject;
}

/** Throws a CliError when nobody leads. */
async function holderOf(session: Session): Promise<Holder> {
  const lease = await leaseOf(session);
  const { namespace = '' } = lease.metadata;
  const { holderIdentity = '' } = specOf(lease);
  if (holderIdentity === '')
    throw new CliError(
      `Nobody leads: the Lease ${namespace}/${lease.metadata.name} has no holder. See the operator's pods in ${namespace}`,
    );
  return { pod: { namespace, name: podNameIn(holderIdentity) }, holderIdentity, lease };
}

/** Throws a CliError when nobody leads. */
export async function leaderOf(session: Session): Promise<Leader> {
  const { pod: key, holderIdentity, lease } = await holderOf(session);
  const { namespace = '', name } = key;
  const pod = await session.kube.get(resources.pods, { namespace, name }).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CliError(
      `The holder of the Lease ${namespace}/${lease.metadata.name} is ${holderIdentity}, and there is no pod ${name} in ${namespace}: another takes over within seconds, none runs, or RTC_OPERATOR_IDENTITY of the operator is not the name of its pod, as in the chart. Such a one is asked with --operator-url`,
    );
  });
  return { pod: { namespace, name }, port: recordsPortOf(pod) };
}

/** Identities are the pod's name, `_` and some letters that change with each start. */
export function podNameIn(identity: string): string {
  return identity.replace(/_[0-9a-f]+$/, '');
}

/** The Lease of the operator that is meant. Throws a CliError when there is none. */
export async function leaseOf(session: Session): Promise<KubeObject> {
  const { operatorNamespace, operatorName: name } = session.options;
  if (operatorNamespace !== undefined) return leaseIn(session, { namespace: operatorNamespace, name });
  const fieldSelector = `metadata.name=${name}`;
  const found = await session.all(resources.leases, { fieldSelector }).catch((error: unknown) => {
    if (!(error instanceof ForbiddenError)) throw error;
    throw new CliError(
      'You may not look for the operator in all namespaces: name its own with --operator-namespace',
    );
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const where = found.map(({ metadata }) => metadata.namespace).join(', ');
  if (found.length === 0)
    throw new NoLeaseError(
      `No operator has ever led here: there is no Lease ${name}. If it was installed under another name, give --operator-name`,
    );
  throw new CliError(`There are operators in ${where}: name one with --operator-namespace`);
}

async function leaseIn(session: Session, key: ObjectKey): Promise<KubeObject> {
  return session.kube.get(resources.leases, key).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NoLeaseError(
      `There is no Lease ${key.name} in namespace ${key.namespace ?? ''}: see --operator-namespace and --operator-name`,
    );
  });
}

interface PodFields {
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
}

/** What the chart names it; its default where it does not. */
export function recordsPortOf(pod: KubeObject): number {
  const ports = (pod as PodFields).spec?.containers?.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find(({ name }) => name === 'records')?.containerPort ?? 8081;
}
