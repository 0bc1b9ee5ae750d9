/** What can be had, and why the rest cannot. */
import type { KubeObject } from '../../kube/api.ts';
import type { Known } from '../doctor/finding.ts';
import { leaseOf, NoLeaseError } from '../leader.ts';
import { sentenceOf, type Session } from '../session.ts';

/** What could be had, or why not. Never rejects. */
export async function known<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { unknown: sentenceOf(error) };
  }
}

/** The same for what nobody should be kept waiting by. What still comes after `limitMs` is dropped. */
export async function knownWithin<T>(limitMs: number, ask: () => Promise<T>): Promise<Known<T>> {
  const signal = AbortSignal.timeout(limitMs);
  const tooLate = new Promise<never>((_, reject) => {
    const give = (): void => reject(new Error(`no answer within ${limitMs / 1000} s`));
    signal.addEventListener('abort', give, { once: true });
  });
  return known(() => Promise.race([ask(), tooLate]));
}

/** The operator's Lease; a text is where it was looked for, and that there is none. */
export async function leaseOrWhyNone(session: Session): Promise<KubeObject | string> {
  return leaseOf(session).catch((error: unknown) => {
    if (error instanceof NoLeaseError) return error.message;
    throw error;
  });
}
