/** Whether somebody has told us to change nothing. */
import { pauseOf } from '../pause.ts';
import type { Verdict } from './verdict.ts';

/** ReconciliationPaused: abnormal when True. */
export function reconciliationPaused({
  cluster,
}: {
  readonly cluster: Parameters<typeof pauseOf>[0];
}): Verdict<'ReconciliationPaused'> {
  const type = 'ReconciliationPaused';
  const pause = pauseOf(cluster);
  if (pause !== undefined) return { type, status: 'True', ...pause };
  return { type, status: 'False', reason: 'NotPaused', message: 'Changes are made as they are needed' };
}
