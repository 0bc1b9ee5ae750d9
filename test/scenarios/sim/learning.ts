/** Pure: which writes of a status tell no more than what was learnt. */
import type { Scene } from './scene.ts';
import type { Step } from './step.ts';

/** Whether a status differs only in numbers about capacity and need: those are learnt over minutes, also at rest. */
export function isLearning({ before, after }: Omit<Step, 'write'>): boolean {
  return withoutFigures(before) === withoutFigures(after);
}

function withoutFigures({ cluster }: Scene): string {
  const conditions = cluster?.status.conditions?.filter(({ type }) => type !== 'CapacitySufficient');
  const status = { ...cluster?.status, sessions: undefined, conditions };
  return JSON.stringify(status, (name, value: unknown) =>
    name === 'message' && typeof value === 'string' ? value.replaceAll(/\d+/g, 'N') : value,
  );
}
