import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { createStore, type StoreChange } from '../../../operator/kube/store.ts';

function pod(name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  const metadata = { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion: '1', ...more };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

const ownedBy = (uid: string): Partial<KubeObject['metadata']> => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid }],
});
const names = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ metadata }) => metadata.name).sort();
const told = (changes: readonly StoreChange[]): string[] =>
  changes.map(
    ({ previous, current }) => `${previous?.metadata.resourceVersion} → ${current?.metadata.resourceVersion}`,
  );

function watched(): { store: ReturnType<typeof createStore>; changes: StoreChange[] } {
  const store = createStore({ indexLabels: ['role'] });
  const changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  return { store, changes };
}

test('objects are found by key, owner and label, and no longer when these change', () => {
  const { store } = watched();
  store.upsert(pod('a', { ...ownedBy('u1'), labels: { role: 'sfu' } }));
  store.upsert(pod('b', { ...ownedBy('u1'), labels: { role: 'turn' } }));
  store.upsert(pod('a', { ...ownedBy('u2'), labels: { role: 'turn' }, resourceVersion: '2' }));
  expect(store.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion).toBe('2');
  expect(names(store.ownedBy('u1'))).toEqual(['b']);
  expect(names(store.ownedBy('u2'))).toEqual(['a']);
  expect(names(store.labelled('role', 'turn'))).toEqual(['a', 'b']);
  expect(names(store.labelled('role', 'sfu'))).toEqual([]);
});

test('asking for a label that is not indexed is a mistake that shows', () => {
  expect(() => createStore().labelled('role', 'sfu')).toThrow('label role is not indexed');
});

test('a list tells only of what it changed, and of what is gone', () => {
  const { store, changes } = watched();
  store.replaceAll([pod('a'), pod('b'), pod('c')]);
  changes.length = 0;
  store.replaceAll([pod('a'), pod('b', { resourceVersion: '2' }), pod('d')]);
  expect(told(changes).sort()).toEqual(['1 → 2', '1 → undefined', 'undefined → 1']);
  expect(names(store.all())).toEqual(['a', 'b', 'd']);
});

test('a listener that throws disturbs neither the store nor other listeners', () => {
  const store = createStore();
  const seen: StoreChange[] = [];
  store.subscribe(() => {
    throw new Error('listener');
  });
  const stop = store.subscribe((change) => seen.push(change));
  store.upsert(pod('a'));
  stop();
  store.upsert(pod('b'));
  expect([store.size(), seen.length]).toEqual([2, 1]);
});

test('the end of an object is not the end of its successor of the same name', () => {
  const { store, changes } = watched();
  store.upsert(pod('a', { labels: { role: 'sfu' } }));
  store.noteWrite(pod('a', { uid: 'another', labels: { role: 'sfu' }, resourceVersion: '4' }));
  changes.length = 0;
  store.remove(pod('a', { resourceVersion: '3' }));
  expect(store.labelled('role', 'sfu').map(({ metadata }) => metadata.uid)).toEqual(['another']);
  expect(changes).toHaveLength(0);
});

describe('a write of ours is seen at once', () => {
  test('and its event, coming later, is still told', () => {
    const { store, changes } = watched();
    store.noteWrite(pod('a'));
    expect([store.size(), changes.length]).toEqual([1, 0]);
    store.upsert(pod('a'));
    expect(changes).toHaveLength(1);
  });

  test('an event older than it does not take it back; 9 is older than 10', () => {
    const { store, changes } = watched();
    store.noteWrite(pod('a', { resourceVersion: '10' }));
    store.upsert(pod('a', { resourceVersion: '9' }));
    expect(store.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion).toBe('10');
    expect(changes).toHaveLength(0);
  });

  test('unless the event was faster', () => {
    const { store } = watched();
    store.upsert(pod('a', { resourceVersion: '12' }));
    store.noteWrite(pod('a', { resourceVersion: '10' }));
    expect(store.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion).toBe('12');
  });

  test('but never brings back what was deleted meanwhile', () => {
    const { store } = watched();
    store.upsert(pod('a'));
    store.remove(pod('a', { resourceVersion: '3' }));
    store.noteWrite(pod('a', { resourceVersion: '2' }));
    expect(store.size()).toBe(0);
    store.noteWrite(pod('a', { uid: 'another', resourceVersion: '4' }));
    expect(store.size()).toBe(1);
  });
});

test('a new object of an old name is no stale event, whatever its number', () => {
  const { store } = watched();
  store.upsert(pod('a', { resourceVersion: '100' }));
  store.upsert(pod('a', { uid: 'another', resourceVersion: '5' }));
  expect(store.get({ namespace: 'ns', name: 'a' })?.metadata.uid).toBe('another');
});
