/** Pure: what glibc is asked of for the media worker (tunables(7)). */

/**
 * The heap in huge pages, where the kernel gives them to whoever asks (`transparent_hugepage` at `madvise` or
 * `always`): a packet to many touches memory all over the heap, and each page that the processor does not know by
 * heart costs it a walk through page tables. `given` are those of the environment; what they say of it holds.
 */
export function workerTunables(given: string | undefined): string {
  const name = 'glibc.malloc.hugetlb';
  const others = given === undefined || given === '' ? [] : given.split(':');
  if (others.some((one) => one.startsWith(`${name}=`))) return others.join(':');
  return [...others, `${name}=1`].join(':');
}
