/** Work that waits most of the time, several pieces at once. */

/**
 * Runs `work` for each of `items`, at most `atOnce` at a time, begun in their order. Resolves with what came out, in
 * the order of the items; rejects with the first failure.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const waiting = items.map((item, index) => ({ item, index }));
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next.index] = await work(next.item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
