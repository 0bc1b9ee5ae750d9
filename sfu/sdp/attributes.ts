/** The `a=` lines of one block of SDP, by name. */

/** The values of an attribute in the order of their lines; a flag has one empty value. */
export type Attributes = (name: string) => readonly string[];

/** Collects the attributes of a session or media block. */
export function readAttributes(block: string): Attributes {
  const byName = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    if (!line.startsWith('a=')) continue;
    const text = line.trimEnd();
    const colon = text.indexOf(':');
    const name = colon < 0 ? text.slice(2) : text.slice(2, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1);
    const values = byName.get(name);
    if (values === undefined) byName.set(name, [value]);
    else values.push(value);
  }
  return (name) => byName.get(name) ?? [];
}
