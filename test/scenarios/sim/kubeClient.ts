/**
 * The way of one operator process to the simulated API server: takes time, may fail as the weather is, ends with the
 * process. Retries and the fence are those of the real sender.
 */
import type { KubeApi, KubeObject, Resource, Selection } from '../../../operator/kube/api.ts';
import type { ApiOptions, KubeClient } from '../../../operator/kube/client.ts';
import { sleep } from '../../../operator/kube/clock.ts';
import { errorOf, UnavailableError, type KubeError } from '../../../operator/kube/errors.ts';
import type { Verb } from '../../../operator/kube/resources.ts';
import { decideRetry } from '../../../operator/kube/retry.ts';
import { keyText } from '../../../operator/kube/store.ts';
import type { SimApiServer } from './apiServer.ts';
import type { SimClientDeps, Write } from './connection.ts';
import type { Random } from './random.ts';
import { simWatch } from './watch.ts';
import { fateOfRequest, type RequestFate, type Weather } from './weather.ts';

interface Call<T> {
  readonly verb: Verb;
  readonly resource: Resource;
  readonly name: string;
  readonly write?: Write;
  readonly run: () => T;
}

/** As `createKubeClient`. */
export function createSimClient(deps: SimClientDeps): KubeClient {
  return {
    api: (options = {}) => apiOver(deps, options),
    read: (path) => Promise.reject(new Error(`the simulated API server serves nothing at ${path}`)),
    serverVersion: () => Promise.resolve('v1.34.0'),
    close: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

const defaultTimeoutMs = 15_000;

function apiOver(deps: SimClientDeps, options: ApiOptions): KubeApi {
  const { server } = deps;
  const send = async <T>(call: Call<T>): Promise<T> => sendWithRetries(deps, call, options);
  const write = <T>(made: Write, run: () => T): Promise<T> => {
    const { verb, resource, key } = made;
    return send({ verb, resource, name: key, write: { ...made, by: deps.name }, run });
  };
  return {
    get: (resource, key) =>
      send({ verb: 'get', resource, name: keyText(key), run: () => server.get(resource, key) }),
    list: (resource, selection) =>
      send({ verb: 'list', resource, name: '', run: () => listed(server, resource, selection) }),
    watch: (resource, selection, signal) => simWatch(deps, { resource, selection, signal }),
    create: (resource, object) =>
      write(writeOf('create', resource, object), () => server.create(resource, object)),
    apply: (resource, object, more = {}) =>
      write({ ...writeOf('patch', resource, object), ...statusOnly(more.subresource) }, () =>
        server.apply(resource, object, more),
      ),
    mergePatch(resource, target, given) {
      const patch = typeof given === 'function' ? given() : given;
      return write(
        { verb: 'patch', resource, key: keyText(target), body: patch, ...statusOnly(target.subresource) },
        () => server.mergePatch(resource, target, patch),
      );
    },
    replace: (resource, object) =>
      write(writeOf('update', resource, object), () => server.replace(resource, object)),
    delete: (resource, key, meant) =>
      write({ verb: 'delete', resource, key: keyText(key), body: meant }, () =>
        server.delete(resource, key, meant),
      ),
  };
}

function writeOf(verb: Verb, resource: Resource, object: KubeObject): Write {
  return { verb, resource, key: keyText(object.metadata), body: object };
}

function statusOnly(subresource: 'status' | undefined): { subresource?: 'status' } {
  return subresource === undefined ? {} : { subresource };
}

function listed(
  server: SimApiServer,
  resource: Resource,
  selection: Selection,
): Awaited<ReturnType<KubeApi['list']>> {
  const { namespace, labelSelector } = selection;
  const items = server
    .list(resource, labelSelector)
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  return { items, resourceVersion: String(server.revision), continueToken: '' };
}

async function sendWithRetries<T>(deps: SimClientDeps, call: Call<T>, options: ApiOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(deps, call, options);
    } catch (error) {
      const isIdempotent = call.write === undefined || call.verb === 'delete' || isApply(call.write);
      const decision = decideRetry({ attempt, error: error as KubeError, isIdempotent });
      if (!decision.retry) throw error;
      await sleep(deps.clock, decision.afterMs);
    }
  }
}

function isApply({ verb, body }: Write): boolean {
  return verb === 'patch' && typeof (body as { kind?: unknown }).kind === 'string';
}

/** Never settles once the process is dead. What has been sent happens all the same. */
function sendOnce<T>(deps: SimClientDeps, call: Call<T>, { fence, timeoutMs }: ApiOptions): Promise<T> {
  const { time, clock, weather, random } = deps;
  const text = `${call.verb} ${call.resource.plural} ${call.name}`;
  const isWrite = call.write !== undefined;
  const longestMs = timeoutMs ?? defaultTimeoutMs;
  const limitMs = isWrite && fence ? Math.min(longestMs, fence.writeBudgetMs(text)) : longestMs;
  const fate = fateOf(call, weather, random);
  const [thereMs, backMs] = [random.between(1, weather.requestMs), random.between(1, weather.requestMs)];
  return new Promise<T>((resolve, reject) => {
    const answer = (delayMs: number, deliver: () => void): void => {
      time.afterSettling(delayMs, () => {
        if (!clock.isDead) deliver();
      });
    };
    if (thereMs > limitMs) {
      answer(limitMs, () => reject(noAnswer(text, 'Timeout', isWrite)));
      return;
    }
    if (fate === 'cut') {
      answer(thereMs, () => reject(noAnswer(text, 'ECONNREFUSED', false)));
      return;
    }
    time.after(thereMs, () => {
      const result = arrive(deps, call, fate);
      const isLost = fate === 'lostAnswer' || backMs > limitMs - thereMs;
      if (isLost) answer(limitMs - thereMs, () => reject(noAnswer(text, 'Timeout', isWrite)));
      else if ('error' in result) answer(backMs, () => reject(result.error));
      else answer(backMs, () => resolve(result.value));
    });
  });
}

/** A fault that was ordered for one write hits that one, and goes before chance. */
function fateOf<T>({ write, resource }: Call<T>, weather: Weather, random: Random): RequestFate {
  if (weather.losesNextAnswer && write !== undefined && !['Lease', 'Event'].includes(resource.kind)) {
    weather.losesNextAnswer = false;
    return 'lostAnswer';
  }
  return fateOfRequest(weather, write !== undefined, random);
}

function arrive<T>(
  { onRequest, onWrite }: SimClientDeps,
  { verb, resource, name, write, run }: Call<T>,
  fate: ReturnType<typeof fateOfRequest>,
): { readonly value: T } | { readonly error: Error } {
  try {
    if (typeof fate === 'object') throw refusal(`${verb} ${resource.plural} ${name}`, fate.status);
    onRequest(verb, resource);
    if (write === undefined) return { value: run() };
    onWrite(write, 'before');
    const value = run();
    onWrite(write, 'after');
    return { value };
  } catch (error) {
    return { error: error as Error };
  }
}

function refusal(call: string, status: number): Error {
  const reason = status === 409 ? 'Conflict' : `Injected${status}`;
  return errorOf({ call, status, reason, message: 'injected' });
}

function noAnswer(call: string, reason: string, isOutcomeUnknown: boolean): Error {
  return new UnavailableError({ call, status: 0, reason, message: 'injected', isOutcomeUnknown });
}
