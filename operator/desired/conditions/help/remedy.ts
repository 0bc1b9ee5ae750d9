/** PURE: whether a condition or the state of a pod is as it should be, and what to do if not. */
import type { Condition } from '../../../api/shared.ts';
import { conditionHelp, podReasons } from './catalogue.ts';
import type { ConditionHelp, ReasonHelp } from './help.ts';
import { turnPublishing } from './pods.ts';
import { turnConditionHelp } from './turn.ts';

/** What a finding asks of people. */
export type Urgency =
  /** All is as it should be, or as somebody wished. */
  | 'Well'
  /** It goes on by itself. */
  | 'Passing'
  /** Nobody can tell. */
  | 'Unknown'
  /** Somebody has to do something, though nothing is broken. */
  | 'Attention'
  /** What the condition says is not so. */
  | 'Broken';

/** See the file comment. */
export interface Remedy {
  readonly urgency: Urgency;
  /** Absent when nothing is to be done, or the message says it all. */
  readonly toDo?: string;
}

/** Of one condition of an RTCCluster or a TurnServer. */
export function remedyOf(kind: string, condition: Condition): Remedy {
  const catalogue: Readonly<Record<string, ConditionHelp>> =
    kind === 'TurnServer' ? turnConditionHelp : conditionHelp;
  const help = catalogue[condition.type] ?? { means: '' };
  const toDo = help.toDo?.[condition.reason] ?? podRemedy(condition.reason, kind);
  return toDo === undefined
    ? { urgency: untold(help, condition) }
    : { urgency: urgencyOf(help, condition, 'Attention'), toDo };
}

/** Nothing is to be done about it: it is well, or goes on by itself, or its message says it all. */
function untold(help: ConditionHelp, condition: Condition): Urgency {
  const { reason } = condition;
  if (help.well?.includes(reason) === true) return 'Well';
  const all = [help, ...Object.values(podReasons)];
  if (all.some(({ passing }: ReasonHelp) => passing?.includes(reason))) return 'Passing';
  return urgencyOf(help, condition, 'Well');
}

/** `usual` is for a condition that is as it mostly is. */
function urgencyOf(help: ConditionHelp, { status, reason }: Condition, usual: Urgency): Urgency {
  const isAbnormal = help.isAbnormal === true;
  if (status === 'Unknown') return 'Unknown';
  if ((status === 'True') !== isAbnormal) return usual;
  return isAbnormal || help.bearable?.includes(reason) === true ? 'Attention' : 'Broken';
}

/** What to do about a pod of an RTCCluster, or of a TurnServer, with this reason; undefined when nothing is. */
export function podRemedy(reason: string, kind: string): string | undefined {
  // The same reason may ask for a field that the two call differently.
  const first = kind === 'TurnServer' ? [turnPublishing] : [];
  return [...first, ...Object.values(podReasons)].find(({ toDo }) => toDo?.[reason] !== undefined)?.toDo?.[
    reason
  ];
}
