/** Work on many things, a few at a time, in order. */

/** Results in the order of the things. Rejects with the first that fails. */
export async function inParallel<T, R>(
  things: readonly T[],
  most: number,
  work: (thing: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = [...things.entries()];
  const run = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: most }, run));
  return results;
}
