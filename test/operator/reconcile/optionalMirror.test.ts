/** The API behind it is faked: kinds have to come and go at given moments. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KubeApi } from '../../../operator/kube/api.ts';
import { ForbiddenError, KubeError, NotFoundError } from '../../../operator/kube/errors.ts';
import { createReflector } from '../../../operator/kube/reflector.ts';
import { certificates } from '../../../operator/kube/resources.ts';
import { createStore } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { createOptionalMirror, type OptionalMirror } from '../../../operator/reconcile/optionalMirror.ts';
import { createFakeClock, settle, type FakeClock } from '../../support/fakeClock.ts';

const failure = { call: 'list certificates', status: 0, reason: '', message: 'no' };
let clock: FakeClock;
let mirror: OptionalMirror;
let answer: KubeError | undefined;
let lists: number;
let changes: number;
let endWatch: () => void;

beforeEach(() => {
  clock = createFakeClock();
  [answer, lists, changes] = [undefined, 0, 0];
  const kube: Pick<KubeApi, 'list' | 'watch'> = {
    list() {
      lists++;
      const object = {
        apiVersion: 'v1',
        kind: 'Certificate',
        metadata: { name: 'a', uid: 'u', resourceVersion: '1' },
      };
      if (answer !== undefined) return Promise.reject(answer);
      return Promise.resolve({ items: [object], resourceVersion: '1', continueToken: '' });
    },
    async *watch(_resource, _selection, signal) {
      if (answer !== undefined) throw answer;
      await new Promise<void>((resolve) => {
        endWatch = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      yield* [];
    },
  };
  const store = createStore({ log: silentLog });
  const common = { kube, clock, log: silentLog, resource: certificates, selection: {}, store };
  const onChange = (): number => changes++;
  mirror = createOptionalMirror({
    ...{ ...common, onChange },
    reflect: (onRefused) => createReflector({ ...common, onRefused }),
  });
});
afterEach(() => mirror.close());

/** What is known once all that was asked is answered. */
async function known(): Promise<string> {
  mirror.want();
  for (let turn = 0; turn < 5; turn++) await settle();
  return mirror.want();
}

test('a kind that nobody wants is never asked for', async () => {
  await clock.advance(600_000);
  expect(lists).toBe(0);
});

test('a kind that is there is mirrored, and that is told once', async () => {
  expect(mirror.want()).toBe('Unknown');
  expect(await known()).toBe('Served');
  expect([mirror.store.size(), changes]).toEqual([1, 1]);
});

test.each<[string, KubeError]>([
  ['NotServed', new NotFoundError(failure)],
  ['Forbidden', new ForbiddenError(failure)],
])('a kind that is %s is looked for again a minute later', async (availability, error) => {
  answer = error;
  expect(await known()).toBe(availability);
  answer = undefined;
  await clock.advance(59_000);
  expect(lists).toBe(1);
  await clock.advance(1_000);
  expect(await known()).toBe('Served');
});

test('a server that is down says nothing about a kind', async () => {
  answer = new KubeError('RTC_E_KUBE_UNAVAILABLE', failure);
  expect(await known()).toBe('Unknown');
  answer = undefined;
  await clock.advance(5_000);
  expect(await known()).toBe('Served');
});

test.each<[string, KubeError]>([
  ['NotServed', new NotFoundError({ ...failure, status: 404 })],
  ['Forbidden', new ForbiddenError({ ...failure, status: 403 })],
])('a kind that becomes %s is forgotten, and mirrored again when it is back', async (availability, error) => {
  await known();
  await clock.advance(60_000);
  answer = error;
  endWatch();
  await clock.advance(10_000);
  expect([mirror.want(), mirror.store.size()]).toEqual([availability, 0]);
  answer = undefined;
  await clock.advance(60_000);
  expect([await known(), mirror.store.size(), changes]).toEqual(['Served', 1, 3]);
});

test('a server that is down for a while takes nothing away', async () => {
  await known();
  answer = new KubeError('RTC_E_KUBE_UNAVAILABLE', failure);
  endWatch();
  await clock.advance(300_000);
  expect([mirror.want(), mirror.store.size()]).toEqual(['Served', 1]);
});
