/** Pure: two snapshots of a folder → what happened in between. */

/** One file's fate. */
export interface Difference {
  readonly file: string;
  readonly how: 'added' | 'changed' | 'removed';
}

/** Sorted by file. Snapshots are hashes by path. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Difference[] {
  const files = [...new Set([...before.keys(), ...after.keys()])].sort();
  return files.flatMap((file): Difference[] => {
    if (before.get(file) === after.get(file)) return [];
    if (!before.has(file)) return [{ file, how: 'added' }];
    return [{ file, how: after.has(file) ? 'changed' : 'removed' }];
  });
}
