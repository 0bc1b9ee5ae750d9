/** How much a value holds, roughly in bytes: the measure of "does not grow without bound". */

/** Strings and bytes by length, 16 for everything else that is reached. What is reached twice counts once. */
export function weightOf(value: unknown): number {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  let weight = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    weight += ownWeight(next);
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const child of childrenOf(next)) waiting.push(child);
  }
  return weight;
}

function ownWeight(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.length : 16;
}

function childrenOf(value: object): readonly unknown[] {
  if (value instanceof Uint8Array) return [];
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? [...value] : Object.entries(value).flat();
}
