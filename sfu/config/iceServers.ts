/** The spellings of `rtc.ice_servers` (wire spec 6) → a list of `{urls, username?, credential?}`. */

/**
 * The variable: JSON, an array of URLs (one server with all of them) or of
 * servers. Quotes around the whole are dropped: a YAML list item `KEY='[…]'`
 * keeps them. Throws a SyntaxError that says what is wrong.
 */
export function iceServersFromText(text: string): unknown {
  const bare = text
    .trim()
    .replace(/^'(.*)'$/s, '$1')
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  if (bare === '') return [];
  const parsed: unknown = JSON.parse(bare);
  if (!Array.isArray(parsed)) return parsed;
  const isUrls = parsed.length > 0 && parsed.every((item) => typeof item === 'string');
  return isUrls ? [{ urls: parsed }] : parsed.map(lowerKeys);
}

/** The file: an array of URLs (one server each) or of tables whose keys may be written `URLs`. */
export function iceServersFromFile(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (typeof item === 'string' ? { urls: [item] } : lowerKeys(item)));
}

function lowerKeys(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const entries = Object.entries(item).map(([key, value]) => [key.toLowerCase(), value] as const);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'urls' && typeof value === 'string' ? [value] : value]),
  );
}
