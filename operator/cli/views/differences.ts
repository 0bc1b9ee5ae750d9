/** PURE: two specs with their defaults → the fields that differ. */

/** One field; absent values are not there. */
export interface Difference {
  /** `drain.policy`, for people: a key may have dots of its own. */
  readonly field: string;
  /** The same, key by key. */
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

/** In the order of the fields. Lists are one field each. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isRecord(before) || !isRecord(after))
    return [
      {
        ...{ field: path.join('.'), path },
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      },
    ];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field) => differences(before[field], after[field], [...path, field]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
