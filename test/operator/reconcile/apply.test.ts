import { describe, expect, test } from '@jest/globals';
import type { KubeApi, KubeObject } from '../../../operator/kube/api.ts';
import { ForbiddenError, NotFoundError, UnavailableError } from '../../../operator/kube/errors.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { applyAll } from '../../../operator/reconcile/apply.ts';
import { nowMs } from '../../support/pods.ts';

const failure = { call: 'write', status: 403, reason: 'Forbidden', message: 'no' };
const object = (text: string): KubeObject => {
  const [kind = '', name = ''] = text.split('/');
  return { apiVersion: 'v1', kind, metadata: { name, uid: `uid-${name}` } };
};
const why = { reason: 'Because', message: 'of this' };
const create = (text: string): Action => ({ type: 'create', object: object(text), ...why });
const apply = (text: string): Action => ({ type: 'apply', isNew: false, object: object(text), ...why });
const remove = (text: string): Action => ({ type: 'delete', object: object(text), ...why });
const publish = (text: string, published: string | null): Action => ({
  ...{ type: 'patch', object: object(text), ...why },
  metadata: { labels: { 'rtc.progressnet.gr/published': published } },
});

/** `kind/name` of what was done, with a fake API server that fails for one name. */
async function applied(
  actions: readonly Action[],
  failing: string,
  error: Error = new ForbiddenError(failure),
): Promise<{ done: string[]; message: string | undefined }> {
  const answer = (name: string): Promise<KubeObject> =>
    name === failing ? Promise.reject(error) : Promise.resolve(object(`Any/${name}`));
  const kube = {
    get: () => Promise.reject(new NotFoundError(failure)),
    create: (_, { metadata }) => answer(metadata.name),
    apply: (_, { metadata }) => answer(metadata.name),
    mergePatch: (_, { name }) => answer(name),
    delete: (_, { name }) => answer(name).then(() => undefined),
  } satisfies Partial<KubeApi> as unknown as KubeApi;
  const deps = { kube, log: silentLog, onWritten: () => undefined, wallMs: () => nowMs };
  const { done, refusal } = await applyAll(actions, deps);
  return {
    done: done.map(({ object: { kind, metadata } }) => `${kind}/${metadata.name}`),
    message: refusal?.message,
  };
}

describe('a plan, against a fake API server that refuses', () => {
  test('a child: goes on with marks and deletions, and makes no pods', async () => {
    const actions = [apply('Service/s'), publish('Pod/a', 'true'), remove('Pod/b'), create('Pod/c')];
    expect(await applied(actions, 's')).toEqual({
      done: ['Pod/a', 'Pod/b'],
      message: 'Cannot apply Service s: write: no',
    });
  });

  test('credentials: hands none out that are stored nowhere', async () => {
    const actions = [create('Secret/client'), apply('ConfigMap/sfu'), apply('Secret/env')];
    expect((await applied(actions, 'client')).done).toEqual(['ConfigMap/sfu']);
  });

  test('to publish a pod: withdraws none', async () => {
    const actions = [publish('Pod/a', 'true'), publish('Pod/b', null), remove('Pod/c')];
    expect((await applied(actions, 'a')).done).toEqual(['Pod/c']);
  });

  test('to make a pod: does not try the next', async () => {
    expect((await applied([create('Pod/a'), create('Pod/b')], 'a')).done).toEqual([]);
  });

  test('nothing: does everything and reports no refusal', async () => {
    const actions = [apply('Secret/env'), publish('Pod/b', null), create('Pod/c')];
    expect(await applied(actions, '')).toEqual({
      done: ['Secret/env', 'Pod/b', 'Pod/c'],
      message: undefined,
    });
  });

  test('only for now: leaves the rest to another attempt', async () => {
    const away = new UnavailableError({ ...failure, status: 503 });
    await expect(applied([apply('Service/s')], 's', away)).rejects.toBe(away);
  });

  test('one of several at once: waits for the others before it gives up', async () => {
    const away = new UnavailableError({ ...failure, status: 503 });
    const late = Promise.withResolvers<KubeObject>();
    const kube = {
      apply: (_, { metadata }) => (metadata.name === 'fails' ? Promise.reject(away) : late.promise),
    } satisfies Partial<KubeApi> as unknown as KubeApi;
    const written: string[] = [];
    const applying = applyAll([apply('Service/fails'), apply('Service/late')], {
      ...{ kube, log: silentLog, wallMs: () => nowMs },
      onWritten: ({ metadata }) => written.push(metadata.name),
    });
    const soon = new Promise((resolve) => setImmediate(() => resolve('waits')));
    expect(await Promise.race([applying.catch(() => 'gave up'), soon])).toBe('waits');
    late.resolve(object('Service/late'));
    await expect(applying).rejects.toBe(away);
    expect(written).toEqual(['late']);
  });
});

test.each([
  ['at once', 0, '12:00:00.000', '12:01:30.000'],
  ['a moment later', 900, '12:00:00.000', '12:01:30.000'],
  ['by an API server that throttles', 20_000, '12:00:20.000', '12:01:50.000'],
])(
  'a drain that is written %s lasts as long as it is to last from then on',
  async (...[, lateMs, started, deadline]) => {
    const at = (time: string): string => `2026-11-23T${time}Z`;
    const marks = {
      'rtc.progressnet.gr/drain-started': at('12:00:00.000'),
      'rtc.progressnet.gr/drain-deadline': at('12:01:30.000'),
      'rtc.progressnet.gr/address': '10.0.0.1',
    };
    const began = Object.keys(marks).slice(0, 2);
    const action: Action = {
      ...{ type: 'patch', object: object('Pod/a'), metadata: { annotations: marks }, ...why },
      timed: { decidedMs: nowMs, annotations: began },
    };
    let sent: unknown;
    let clockMs = nowMs;
    const kube = {
      mergePatch(_resource, _key, patch) {
        clockMs += lateMs; // Between two tries.
        sent = typeof patch === 'function' ? patch() : patch;
        return Promise.resolve(object('Pod/a'));
      },
    } satisfies Partial<KubeApi> as unknown as KubeApi;
    await applyAll([action], { kube, log: silentLog, onWritten: () => undefined, wallMs: () => clockMs });
    expect(sent).toMatchObject({
      metadata: {
        annotations: {
          'rtc.progressnet.gr/drain-started': at(started),
          'rtc.progressnet.gr/drain-deadline': at(deadline),
          'rtc.progressnet.gr/address': '10.0.0.1',
        },
      },
    });
  },
);
