/** The largest call guard: a call cannot be spread over pods, so one of them must have room for all of it. */

/** What the guard looks at. */
export interface LargestCall {
  /** People that must fit on one pod; 0 switches the guard off. */
  readonly largest: number;
  readonly perPod: number;
  /** Sessions of each pod in DNS. */
  readonly serving: readonly number[];
  /** Pods that are wanted now; those of them that are not in DNS yet will come empty. */
  readonly current: number;
}

/**
 * The fewest pods with room for the call. Going down counts only when the room stays although the people of the
 * pods that go come back to those that stay: otherwise the next pod would have to be made for them.
 */
export function podsForLargestCall(input: LargestCall): number {
  const { largest, perPod, serving, current } = input;
  if (largest === 0) return 0;
  const hasRoom = serving.length < current || serving.some((sessions) => perPod - sessions >= largest);
  if (!hasRoom) return current + 1;
  const byUse = serving.toSorted((a, b) => b - a);
  let pods = current;
  while (pods > 1 && keepsRoom(byUse, pods - 1, perPod - largest)) pods -= 1;
  return pods;
}

/** Whether one of the `count` fullest has no more than `most` when the others' people have spread over them. */
function keepsRoom(byUse: readonly number[], count: number, most: number): boolean {
  const moved = byUse.slice(count).reduce((sum, sessions) => sum + sessions, 0);
  return byUse.slice(0, count).some((sessions) => sessions + moved / count <= most);
}
