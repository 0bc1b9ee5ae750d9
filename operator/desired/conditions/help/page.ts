/** PURE: the catalogue as a page for people. */
import { conditionHelp, podReasons } from './catalogue.ts';
import type { ConditionHelp, ReasonHelp } from './help.ts';
import { turnConditionHelp } from './turn.ts';

/** `docs/conditions.md`. */
export function conditionsPage(): string {
  return [
    '# Conditions',
    '',
    '`kubectl describe rtccluster NAME` shows them; the message of each says what it is about and mostly the whole remedy.',
    'Those that are abnormal when True are marked so; all others are well when True. Written by `node operator/generate.ts`',
    'from `operator/desired/conditions/help/`. Those of a [TurnServer](#conditions-of-a-turnserver) follow.',
    '',
    ...chapter('', conditionHelp),
    '# Conditions of a TurnServer',
    '',
    '`kubectl describe turnserver NAME` shows them.',
    '',
    ...chapter('TurnServer: ', turnConditionHelp),
    '# Reasons of pods',
    '',
    'They stand in `status.members`; conditions about pods repeat the one that needs a person first.',
    '',
    ...Object.entries(podReasons).flatMap(([title, help]) => section(title, help)),
  ].join('\n');
}

/** A table of the conditions, and a section for each; `prefix` keeps headings apart. */
function chapter(prefix: string, conditions: Readonly<Record<string, ConditionHelp>>): string[] {
  const all = Object.entries(conditions);
  return [
    '| condition | True means that | it needs you for |',
    '| --- | --- | --- |',
    ...all.map(
      ([type, help]) => `| [${type}](#${anchor(prefix + type)}) | ${meaning(help)} | ${needs(help)} |`,
    ),
    '',
    ...all.flatMap(([type, help]) => section(`${prefix}${type}`, help)),
  ];
}

/** As GitHub makes them of headings. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(':', '').replaceAll(' ', '-');
}

function meaning({ means, isAbnormal }: ConditionHelp): string {
  return isAbnormal === true ? `(abnormal) ${means}` : means;
}

function needs({ toDo = {} }: ReasonHelp): string {
  const reasons = Object.keys(toDo).map(code);
  return reasons.length === 0 ? '–' : reasons.join(', ');
}

function section(title: string, help: ReasonHelp & Pick<ConditionHelp, 'also'>): string[] {
  const { well = [], passing = [], toDo = {}, also } = help;
  const rows = [
    ...(well.length > 0
      ? [`| ${well.map(code).join(', ')} | nothing: it is well, or as somebody wished |`]
      : []),
    ...(passing.length > 0 ? [`| ${passing.map(code).join(', ')} | nothing: it goes on by itself |`] : []),
    ...Object.entries(toDo).map(([reason, remedy]) => `| ${code(reason)} | ${remedy} |`),
    ...(also === undefined ? [] : [`| those of: ${also} | see there |`]),
  ];
  return [`## ${title}`, '', '| reason | what to do |', '| --- | --- |', ...rows, ''];
}

function code(word: string): string {
  return `\`${word}\``;
}
