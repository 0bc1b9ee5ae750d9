/** How a secret is named where it must not be seen: in status, annotations, logs and between agent and operator. */
import { createHash } from 'node:crypto';

/** First 12 hex digits of SHA-256 over `rtc-turn:` and the secret: enough to tell two apart. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(`rtc-turn:${secret}`).digest('hex').slice(0, 12);
}
