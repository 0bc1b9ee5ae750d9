/** Which keys belong to an owner or carry a label: looked up instead of searched. */
import type { KubeObject } from './api.ts';

/** Keys by owner uid and by label value. */
export interface Index {
  add(key: string, object: KubeObject): void;
  /** `object` must be what was added under `key`. */
  remove(key: string, object: KubeObject): void;
  ownedBy(uid: string): Iterable<string>;
  labelled(label: string, value: string): Iterable<string>;
}

/** Indexes ownerReferences and the given labels. */
export function createIndex(labels: readonly string[]): Index {
  const keysByTerm = new Map<string, Set<string>>();
  const terms = (object: KubeObject): string[] => [
    ...(object.metadata.ownerReferences ?? []).map((owner) => ownerTerm(owner.uid)),
    ...labels.flatMap((label) => {
      const value = object.metadata.labels?.[label];
      return value === undefined ? [] : [labelTerm(label, value)];
    }),
  ];
  return {
    add(key, object) {
      for (const term of terms(object)) {
        const keys = keysByTerm.get(term) ?? new Set();
        keysByTerm.set(term, keys.add(key));
      }
    },
    remove(key, object) {
      for (const term of terms(object)) {
        const keys = keysByTerm.get(term);
        keys?.delete(key);
        if (keys?.size === 0) keysByTerm.delete(term);
      }
    },
    ownedBy: (uid) => keysByTerm.get(ownerTerm(uid)) ?? [],
    labelled(label, value) {
      if (!labels.includes(label)) throw new Error(`label ${label} is not indexed: add it to indexLabels`);
      return keysByTerm.get(labelTerm(label, value)) ?? [];
    },
  };
}

const ownerTerm = (uid: string): string => `owner ${uid}`;
const labelTerm = (label: string, value: string): string => `label ${label}=${value}`;
