/** First repetition of a datagram, the wait doubled each time: RFC 8489 §6.2.1. */
const firstMs = 500;

/** When a datagram is sent again that nobody answers, in milliseconds after it was sent; none at `timeoutMs` or later. */
export function repetitions(timeoutMs: number): number[] {
  const times: number[] = [];
  for (let at = firstMs, gap = firstMs; at < timeoutMs; gap *= 2, at += gap) times.push(at);
  return times;
}
