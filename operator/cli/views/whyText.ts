/** PURE: why something is as it is, for people. */
import type { Words } from '../../fleet/words.ts';
import { durationText, parts, type Style } from '../text.ts';
import { wordsFor } from './about.ts';
import { concernText } from './concernText.ts';
import { useText } from './pods.ts';
import type { WhyView } from './why.ts';

/** See the file comment. */
export function whyText(view: WhyView, style: Style, nowMs: number): string {
  const { kind, namespace, name } = view.about;
  const age = view.decided === undefined ? undefined : durationText(nowMs - Date.parse(view.decided));
  const when = age === undefined ? 'nothing was decided yet' : `decided ${age} ago by ${view.by}`;
  return parts(
    [
      `${style.bold(`${kind} ${namespace}/${name}`)}: ${view.problem === undefined ? when : style.bad(view.problem)}`,
    ],
    view.problem === undefined ? [] : oldText(view, when, style),
    numberText(view, style),
    view.members.flatMap((member) => memberText(member, wordsFor(view.about), style)),
    view.rollout === undefined
      ? []
      : [style.bold('Rollout'), `  ${view.rollout.reason}: ${view.rollout.message}`],
    rotationText(view, style),
    view.refusal === undefined
      ? []
      : [style.bad('Not written'), `  ${view.refusal.reason}: ${view.refusal.message}`],
    concernText(view.concerns, style),
    changeText(view, style),
  );
}

/** What is left to tell beside a spec that cannot be read. */
function oldText({ decided }: WhyView, when: string, style: Style): readonly string[] {
  const still = 'Nothing is decided or done until the spec is mended; its pods stay as they are.';
  if (decided === undefined) return [style.warn(still)];
  return [style.warn(`${still} What follows was ${when}, from the spec before it`)];
}

function rotationText({ rotation }: WhyView, style: Style): readonly string[] {
  if (rotation === undefined) return [];
  const { stage, reason, message, waitingFor } = rotation;
  const why = reason === stage ? message : `${reason}: ${message}`;
  return [style.bold('TURN secret'), `  ${stage}: ${why}`, ...waitingFor.map((one) => `  waits for ${one}`)];
}

function numberText({ pods }: WhyView, style: Style): readonly string[] {
  if (pods === undefined) return [];
  const { wanted, binding, limit, last, needs, inputs } = pods;
  const told = Object.entries(inputs).map(([input, value]) => `${input} ${value}`);
  return [
    `${style.bold(`${wanted} serving pods are wanted`)} (by ${binding})`,
    ...(last === undefined
      ? []
      : [`  last changed ${last.from} → ${last.to} at ${last.time}: ${last.reason}: ${last.message}`]),
    ...(limit === undefined ? [] : [`  ${style.warn(`limited by ${limit.reason}`)}: ${limit.message}`]),
    ...(needs.length === 0
      ? []
      : [`  asked for: ${needs.map(({ target, pods: count }) => `${target} ${count} pods`).join(', ')}`]),
    ...(told.length === 0 ? [] : [`  from: ${told.join(', ')}`]),
  ];
}

function memberText(member: WhyView['members'][number], words: Words, style: Style): readonly string[] {
  const { name, node, state, reason, message, cause, deadline, toDo } = member;
  const dns = member.isInDns ? words.published : `not ${words.published}`;
  return [
    `${style.bold(name)} on ${node ?? 'no node yet'}: ${state}, ${dns}, ${useText(member, words.sessions)}`,
    ...(message === undefined ? [] : [`  ${reason ?? ''}: ${message}`]),
    ...(cause === undefined ? [] : [`  it is to go: ${cause}`]),
    ...(deadline === undefined ? [] : [`  it goes with its ${words.calls} at ${deadline}`]),
    ...(toDo === undefined ? [] : [`  ${style.dim(`to do: ${toDo}`)}`]),
  ];
}

function changeText({ changes }: WhyView, style: Style): readonly string[] {
  if (changes.length === 0) return [style.dim('No change since this operator leads')];
  return [
    style.bold('Changes since this operator leads, the newest last'),
    ...changes.map(({ time, about, was, is, reason, message }) => {
      const move = was === undefined || was === is ? is : `${was} → ${is}`;
      const why = reason === is ? '' : ` (${reason})`;
      return `  ${style.dim(time)}  ${about}: ${move}${why} ${message}`.trimEnd();
    }),
  ];
}
