/** The reflector through the real client, against a server that injects what a real one hardly ever does. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import { type Clock, systemClock } from '../../../operator/kube/clock.ts';
import { createReflector, type Reflector } from '../../../operator/kube/reflector.ts';
import { configMaps } from '../../../operator/kube/resources.ts';
import { createStore, type Store } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { eventually } from '../../support/eventually.ts';
import {
  errorLine,
  event,
  lines,
  listOf,
  type Respond,
  type ScriptedServer,
  startScriptedServer,
  status,
} from '../../support/scriptedServer.ts';

interface Scene {
  readonly server: ScriptedServer;
  readonly client: KubeClient;
  readonly reflector: Reflector;
  readonly store: Store;
  readonly relists: string[];
  readonly pauses: number[];
}

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.reflector.close();
  await scene?.client.close();
  await scene?.server.close();
  scene = undefined;
});

/** A hundred times as fast below a minute: pauses are noted, the usual watchdog stays out of the way. */
function hurriedClock(pauses: number[]): Clock {
  return {
    ...systemClock,
    after(delayMs, run) {
      if (delayMs >= 60_000) return systemClock.after(delayMs, run);
      if (delayMs > 0) pauses.push(delayMs);
      return systemClock.after(delayMs / 100, run);
    },
  };
}

async function play(script: {
  readonly lists?: readonly Respond[];
  readonly watches: readonly Respond[];
  readonly watchdogMs?: number;
}): Promise<Scene> {
  const server = await startScriptedServer({ lists: [listOf('1', 'a')], ...script });
  const client = createKubeClient({ kubeconfig: server.kubeconfig });
  const store = createStore();
  const relists: string[] = [];
  const pauses: number[] = [];
  const reflector = createReflector({
    ...{ kube: client.api(), resource: configMaps, store, log: silentLog, clock: hurriedClock(pauses) },
    watchdogMs: script.watchdogMs ?? 90_000,
    observer: { onRelist: (reason) => relists.push(reason) },
  });
  scene = { server, client, reflector, store, relists, pauses };
  reflector.start();
  return scene;
}

async function asked({ server }: Scene, expected: readonly string[]): Promise<void> {
  const wanted = expected.join(', ');
  await eventually(() => (server.asked.join(', ') === wanted ? undefined : server.asked.join(', ')), {
    intervalMs: 5,
  });
}

const names = ({ store }: Scene): string[] => store.all().map(({ metadata }) => metadata.name);

test('lists, then watches from the list’s version, and keeps what it sees', async () => {
  const played = await play({
    watches: [
      lines('hang', event('ADDED', '5', 'b'), event('DELETED', '6', 'a'), event('MODIFIED', '7', 'b')),
    ],
  });
  await played.reflector.synced;
  await eventually(() => (names(played).join() === 'b' ? undefined : names(played).join()));
  await asked(played, ['list', 'watch 1']);
  expect(played.reflector.lastEventAgeMs()).toBeLessThan(10_000);
  expect(played.reflector.idleMs()).toBeLessThan(10_000);
});

test('a bookmark moves the place to go on from', async () => {
  const played = await play({ watches: [lines('end', event('BOOKMARK', '9')), lines('hang')] });
  await asked(played, ['list', 'watch 1', 'watch 9']);
  expect([played.relists, played.pauses]).toEqual([['start'], []]);
});

test('a list that is refused is said, and tried again until it is allowed', async () => {
  const played = await play({
    lists: [status(403, 'Forbidden'), listOf('1', 'a')],
    watches: [lines('hang')],
  });
  await played.reflector.settled;
  expect([played.reflector.isRefused(), played.reflector.hasSynced()]).toEqual([true, false]);
  expect(played.reflector.lastEventAgeMs()).toBeUndefined();
  await played.reflector.synced;
  expect(played.reflector.isRefused()).toBe(false);
});

describe('goes on from the last event, after a pause, when a watch', () => {
  test.each<[string, Respond]>([
    ['ends inside a line', (response) => response.end(`${event('ADDED', '4', 'b')}\n{"type":"ADD`)],
    ['loses its connection', lines('break', event('ADDED', '4', 'b'))],
    ['turns into garbage', lines('hang', event('ADDED', '4', 'b'), '<html>bad gateway</html>')],
    ['reports an internal error', lines('hang', event('ADDED', '4', 'b'), errorLine(500, 'InternalError'))],
    ['is throttled', lines('hang', event('ADDED', '4', 'b'), errorLine(429, 'TooManyRequests'))],
  ])('%s', async (_what, fault) => {
    const played = await play({ watches: [fault, lines('hang')] });
    await asked(played, ['list', 'watch 1', 'watch 4']);
    expect(names(played)).toEqual(['a', 'b']);
    expect(played.pauses).toHaveLength(1);
  });
});

describe('lists again when the version is too old', () => {
  test.each<[string, Respond]>([
    ['as an ERROR line', lines('hang', errorLine(410, 'Expired'))],
    ['as an HTTP status', status(410, 'Expired')],
  ])('%s; what vanished meanwhile is gone', async (_what, gone) => {
    const played = await play({
      lists: [listOf('1', 'a', 'b'), listOf('20', 'b', 'c')],
      watches: [gone, lines('hang')],
    });
    await asked(played, ['list', 'watch 1', 'list', 'watch 20']);
    expect(names(played)).toEqual(['b', 'c']);
    expect(played.relists).toEqual(['start', 'gone']);
  });

  test('and begins the list anew when its own pages are too old', async () => {
    const firstPage: Respond = (response) =>
      response.end(JSON.stringify({ metadata: { resourceVersion: '1', continue: 'next' }, items: [] }));
    const played = await play({
      lists: [firstPage, status(410, 'Expired'), listOf('3', 'a')],
      watches: [lines('hang')],
    });
    await asked(played, ['list', 'list', 'list', 'watch 3']);
    expect(names(played)).toEqual(['a']);
  });
});

test('a silent watch is given up after the watchdog’s time, without a list', async () => {
  const played = await play({
    watches: [lines('hang', event('ADDED', '4', 'b')), lines('hang')],
    watchdogMs: 2000,
  });
  await asked(played, ['list', 'watch 1', 'watch 4']);
  expect(played.relists).toEqual(['start']);
});

test('a server that closes every watch at once is not hurried: each pause is longer', async () => {
  const refusing = lines('end');
  const played = await play({ watches: [refusing, refusing, lines('hang')] });
  await asked(played, ['list', 'watch 1', 'watch 1', 'watch 1']);
  expect(played.pauses.length).toBe(2);
  expect(played.pauses[1]).toBeGreaterThan(played.pauses[0] ?? Infinity);
});

test('watches that are refused three times in a row cast doubt on the version: list again', async () => {
  const broken = status(500, 'InternalError');
  const played = await play({ watches: [broken, broken, broken, lines('hang')] });
  await asked(played, ['list', 'watch 1', 'watch 1', 'watch 1', 'list', 'watch 1']);
  expect(played.relists).toEqual(['start', 'broken']);
});

test('a list that fails is tried again until it works; nothing counts as synced before', async () => {
  const played = await play({
    lists: [status(500, 'InternalError'), status(403, 'Forbidden'), listOf('1', 'a')],
    watches: [lines('hang')],
  });
  await asked(played, ['list', 'list', 'list', 'watch 1']);
  expect(played.reflector.hasSynced()).toBe(true);
});

test('closing ends a hanging watch', async () => {
  const played = await play({ watches: [lines('hang')] });
  await asked(played, ['list', 'watch 1']);
  await played.reflector.close();
  expect(played.reflector.hasSynced()).toBe(true);
});
