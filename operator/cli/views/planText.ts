/** PURE: a plan for people. */
import type { Words } from '../../fleet/words.ts';
import { parts, type Style } from '../text.ts';
import { wordsFor } from './about.ts';
import type { PlanView } from './plan.ts';
import { useText, type PodRow } from './pods.ts';

/** See the file comment. */
export function planText(view: PlanView, style: Style): string {
  const { kind, namespace, name } = view.about;
  const title = style.bold(`${kind} ${namespace}/${name}`);
  if (view.problem !== undefined) return `${title}: ${style.bad(view.problem)}`;
  if (view.asksFor !== undefined) return newText(view, title, style);
  const pods = podsText(view, style);
  const writes = view.writes.map(({ type, kind, name: of, reason, message }) => {
    const what = `${type} ${kind} ${of}`;
    return `  ${what} (${reason}): ${message}`;
  });
  const rotation = rotationText(view);
  const isQuiet = pods.length + writes.length + rotation.length === 0;
  return parts(
    [
      title,
      view.paused && style.warn(`Paused: ${view.paused}. What follows is done when it ends`),
      ...editText(view),
    ],
    isQuiet ? ['Nothing would be done now.'] : [],
    pods,
    rotation,
    writes.length === 0 ? [] : [style.bold('Writes'), ...writes],
    untoldText(view, style),
  );
}

function newText(view: PlanView, title: string, style: Style): string {
  return parts(
    [`${title}: it is not there yet. Its spec can be read, and asks for ${view.asksFor ?? ''}`],
    untoldText(view, style),
  );
}

function untoldText({ untold }: PlanView, style: Style): readonly string[] {
  return [style.dim('Not told here:'), ...untold.map((line) => style.dim(`  ${line}`))];
}

function editText({ edit }: PlanView): readonly string[] {
  if (edit === undefined) return [];
  if (edit.length === 0) return ['  The file changes nothing'];
  return edit.map(({ field, before, after }) => `  ${field}: ${valueText(before)} → ${valueText(after)}`);
}

function valueText(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function rotationText({ rotation }: PlanView): readonly string[] {
  if (rotation === undefined) return [];
  const { stage, message, waitingFor } = rotation;
  return [`TURN secret: ${stage}: ${message}`, ...waitingFor.map((one) => `  waits for ${one}`)];
}

function podsText(view: PlanView, style: Style): readonly string[] {
  const words = wordsFor(view.about);
  const { wanted, rollout, drains, held, deletions, creates, later } = view;
  const isSame = wanted === undefined || wanted.before === wanted.after;
  return [
    ...(isSame ? [] : [`Pods: ${wanted.before} → ${wanted.after}: ${wanted.message}`]),
    ...(creates === 0 ? [] : [`Makes ${creates} ${creates === 1 ? 'pod' : 'pods'} now`]),
    ...(rollout === undefined ? [] : [`Rollout: ${rollout.reason}: ${rollout.message}`]),
    ...drains.flatMap((row) => [
      `Drains ${style.bold(row.name)} (${useText(row, words.sessions)})`,
      ...whyText(row, words),
    ]),
    ...held.flatMap((row) => [`Would drain ${style.bold(row.name)}, and holds it`, ...whyText(row, words)]),
    ...deletions.map(({ name, withCalls, reason, message }) => {
      const calls = withCalls ? style.bad(` with its ${words.calls}`) : '';
      return `Deletes ${style.bold(name)}${calls}: ${reason}: ${message}`;
    }),
    ...laterText(view),
    ...(later.length === 0 ? [] : [limitText(view)]),
  ];
}

function whyText({ reason, message, cause, deadline }: PodRow, { calls }: Words): readonly string[] {
  return [
    ...(cause === undefined ? [] : [`  why: ${cause}`]),
    ...(message === undefined ? [] : [`  ${reason ?? ''}: ${message}`]),
    `  ${deadline === undefined ? `no deadline: it waits for its ${calls}` : `at the latest ${deadline}, with the ${calls} it still has`}`,
  ];
}

function laterText({ about, later, newRevision }: PlanView): readonly string[] {
  if (later.length === 0) return [];
  const { sessions } = wordsFor(about);
  const names = later.map((row) => `${row.name} (${useText(row, sessions)})`).join(', ');
  return [`Then, step by step, replaces by revision ${newRevision ?? ''}: ${names}`];
}

function limitText({ about, longestRolloutDrain: longest }: PlanView): string {
  const { calls } = wordsFor(about);
  return longest === undefined
    ? `  each waits for its ${calls} as long as they last (drain.policy Wait)`
    : `  each goes ${longest} after its drain began at the latest, with the ${calls} it still has`;
}
