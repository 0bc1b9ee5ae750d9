/** Milliseconds since the epoch → RFC 3339 in whole seconds, as the API writes its own times. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
