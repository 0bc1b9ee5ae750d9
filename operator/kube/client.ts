/** KubeApi over HTTP: what each verb looks like on the wire. */
import type { KubeApi, KubeObject, ListPage, ObjectKey, Resource } from './api.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Credentials, createCredentials, loadKubeConfig } from './credentials.ts';
import type { Fence } from './fence.ts';
import { describe, pathOf, queryOf, selectorsOf, type Target } from './path.ts';
import type { Verb } from './resources.ts';
import { createSender, kubeErrorOf, type Request, type RequestReport, type Sender } from './sender.ts';
import { createTransport } from './transport.ts';
import { watchEvents } from './watchLines.ts';

/** Owner of the fields that we apply (metav1.ManagedFieldsEntry.manager). */
export const fieldManager = 'rtc-operator';

/** Options of `createKubeClient`. */
export interface KubeClientOptions {
  /** A kubeconfig file. Default: `$KUBECONFIG`, `~/.kube/config`, the pod's service account. */
  readonly kubeconfig?: string;
  /** The context in it. Default: its current one. */
  readonly context?: string;
  /** Owner of the fields that we write. Default `fieldManager`. */
  readonly fieldManager?: string;
  /** Of one try of one request. Default 15,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** Default `rtc-operator`. */
  readonly userAgent?: string;
  /** Called after every try. */
  readonly onRequest?: (report: RequestReport) => void;
}

/** What one KubeApi differs in from another over the same connections. */
export interface ApiOptions {
  /** Refuses writes when it says so. Absent: writes go out whoever leads. */
  readonly fence?: Fence;
  readonly timeoutMs?: number;
}

/** Connections to one API server. */
export interface KubeClient {
  api(options?: ApiOptions): KubeApi;
  /** What is no object, as text, by its path: a log, or what a pod serves, through the API server's proxy. */
  read(path: string): Promise<string>;
  /** `/version` of the server, e.g. `v1.34.4`. */
  serverVersion(): Promise<string>;
  /** Waits for running calls, then closes the connections. */
  close(): Promise<void>;
  /** Closes them at once: calls that run are rejected, and so is each that comes after. */
  abandon(): Promise<void>;
}

const defaultTimeoutMs = 15_000;

/** Connects lazily: nothing is read or sent before the first call. */
export function createKubeClient(options: KubeClientOptions = {}): KubeClient {
  const clock = options.clock ?? systemClock;
  const credentials: Credentials = createCredentials({
    load: () => loadKubeConfig(options.kubeconfig, options.context),
    clock,
  });
  const transport = createTransport({ credentials, userAgent: options.userAgent ?? fieldManager });
  const senderFor = (more: ApiOptions): Sender =>
    createSender({
      transport,
      credentials,
      clock,
      timeoutMs: more.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
      fence: more.fence,
      onRequest: options.onRequest,
    });
  return {
    api: (more = {}) => createKubeApi(senderFor(more), options.fieldManager ?? fieldManager),
    read: (path) => senderFor({}).text(readOf(path)),
    async serverVersion() {
      const body = JSON.parse(await senderFor({}).text(readOf('/version'))) as {
        readonly gitVersion: string;
      };
      return body.gitVersion;
    },
    close: () => transport.close(),
    abandon: () => transport.abandon(),
  };
}

/** KubeApi over a sender. */
function createKubeApi(sender: Sender, manager: string): KubeApi {
  return { ...reads(sender), ...writes(sender, manager) };
}

type Reads = 'get' | 'list' | 'watch';

function reads(sender: Sender): Pick<KubeApi, Reads> {
  return {
    get: async (resource, key) =>
      asObject(await sender.send(request({ verb: 'get', method: 'GET', resource, target: key }))),
    async list(resource, selection) {
      const { namespace, limit, continueToken } = selection;
      const query = { ...selectorsOf(selection), limit, continue: continueToken };
      return pageOf(
        resource,
        await sender.send(request({ verb: 'list', method: 'GET', resource, target: { namespace }, query })),
      );
    },
    async *watch(resource, selection, signal) {
      const { namespace, resourceVersion, timeoutSeconds } = selection;
      const query = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
      const opening = request({
        verb: 'watch',
        method: 'GET',
        resource,
        target: { namespace },
        query: { ...selectorsOf(selection), ...query },
      });
      try {
        yield* watchEvents(opening.call, await sender.open(opening, signal));
      } catch (error) {
        if (!signal.aborted) throw kubeErrorOf(opening.call, error);
      }
    },
  };
}

function writes(sender: Sender, manager: string): Omit<KubeApi, Reads> {
  const write = async (parts: RequestParts): Promise<KubeObject> =>
    asObject(await sender.send(request(parts)));
  return {
    create(resource, object) {
      const { namespace, name } = object.metadata;
      return write({
        ...{ verb: 'create', method: 'POST', resource, target: { namespace }, body: object },
        ...{ named: { name }, query: { fieldManager: manager } },
      });
    },
    apply(resource, object, options = {}) {
      const target = { ...keyOf(object), subresource: options.subresource };
      const query = { fieldManager: options.fieldManager ?? manager, force: true };
      const contentType = 'application/apply-patch+yaml'; // JSON is YAML.
      return write({ verb: 'patch', method: 'PATCH', resource, target, body: object, query, contentType });
    },
    mergePatch(resource, target, patch) {
      const contentType = 'application/merge-patch+json';
      return write({
        ...{ verb: 'patch', method: 'PATCH', resource, target, body: patch, contentType },
        query: { fieldManager: manager },
        isIdempotent: false,
      });
    },
    replace(resource, object) {
      const query = { fieldManager: manager };
      return write({
        ...{ verb: 'update', method: 'PUT', resource, target: keyOf(object), body: object, query },
        isIdempotent: false,
      });
    },
    async delete(resource, key, meant) {
      const { gracePeriodSeconds, ...preconditions } = meant;
      const body = {
        ...{ apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: 'Background' },
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      };
      await write({ verb: 'delete', method: 'DELETE', resource, target: key, body });
    },
  };
}

interface RequestParts {
  readonly verb: Verb;
  readonly method: Request['method'];
  readonly resource: Resource;
  readonly target: Target;
  /** What messages say beyond the target. */
  readonly named?: { readonly name: string };
  readonly body?: object | (() => object);
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Default: all but creates. */
  readonly isIdempotent?: boolean;
}

function request(parts: RequestParts): Request {
  const { verb, method, resource, target } = parts;
  return {
    ...{ verb, method, resource, subresource: target.subresource },
    path: pathOf(resource, target) + queryOf(parts.query ?? {}),
    call: `${verb} ${describe(resource, { ...target, ...parts.named })}`,
    isIdempotent: parts.isIdempotent ?? verb !== 'create',
    ...(parts.body === undefined
      ? {}
      : { body: bodyOf(parts.body), contentType: parts.contentType ?? 'application/json' }),
  };
}

function bodyOf(body: object | (() => object)): string | (() => string) {
  return typeof body === 'function' ? () => JSON.stringify(body()) : JSON.stringify(body);
}

function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

function asObject(body: unknown): KubeObject {
  return body as KubeObject;
}

interface ListBody {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly KubeObject[] | null;
}

/** Items of a LIST come without kind and apiVersion; they get them back. */
function pageOf(resource: Resource, body: unknown): ListPage {
  const list = body as ListBody;
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return {
    items: (list.items ?? []).map((item) => ({ ...item, apiVersion, kind: resource.kind })),
    resourceVersion: list.metadata.resourceVersion,
    continueToken: list.metadata.continue ?? '',
  };
}

/** A GET by its path. */
function readOf(path: string): Request {
  const resource: Resource = { group: '', version: '', plural: path, kind: 'Path', namespaced: false };
  return { verb: 'get', method: 'GET', path, resource, call: `get ${path}`, isIdempotent: true };
}
