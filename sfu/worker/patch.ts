/** Pure: a few lines of the worker's sources, changed. */

/** Replaces `from`, which must occur exactly once, by `to`. */
export interface Patch {
  /** Below the worker's source folder. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** `text` with `patch` applied. Throws where the sources have moved on. */
export function applyPatch(text: string, patch: Patch): string {
  const found = text.split(patch.from).length - 1;
  if (found !== 1)
    throw new Error(
      `${patch.file} of mediasoup's worker has '${patch.from}' ${found} times instead of once: look at this version's sources and mend the patch`,
    );
  return text.replace(patch.from, () => patch.to);
}
