/** Reasons that go by by themselves, of both kinds: from the help that people get. */
import { conditionHelp, podReasons } from '../../operator/desired/conditions/help/catalogue.ts';
import type { ConditionHelp, ReasonHelp } from '../../operator/desired/conditions/help/help.ts';
import { turnConditionHelp } from '../../operator/desired/conditions/help/turn.ts';

/** Sorted, each once. All others need a person. */
export function passingReasons(): readonly string[] {
  const conditions = [conditionHelp, turnConditionHelp].flatMap(
    (of: Readonly<Record<string, ConditionHelp>>) => Object.values(of),
  );
  const help: readonly ReasonHelp[] = [...conditions, ...Object.values(podReasons)];
  return [...new Set(help.flatMap(({ passing = [] }) => passing))].toSorted();
}
