/** PURE: conditions that are not as they should be, for people: what several of them say is said once. */
import type { Style } from '../text.ts';
import type { Concern } from './why.ts';

/** Conditions that say the same. */
interface Told extends Concern {
  readonly types: readonly string[];
}

/** Nothing when there are none. */
export function concernText(concerns: readonly Concern[], style: Style): readonly string[] {
  if (concerns.length === 0) return [];
  return [
    style.bold('Not as it should be, or on its way'),
    ...shortened(grouped(concerns)).flatMap(({ types, status, reason, message, urgency, toDo }) => {
      const colour = urgency === 'Broken' ? style.bad : urgency === 'Passing' ? style.dim : style.warn;
      const verb = types.length === 1 ? 'is' : 'are';
      return [
        `  ${colour(`${types.join(', ')} ${verb} ${status}`)} (${reason}): ${message}`,
        ...(toDo === undefined ? [] : [`    ${style.dim(`to do: ${toDo}`)}`]),
      ];
    }),
  ];
}

/** In the order of the first of each: Ready repeats another condition, word by word. */
function grouped(concerns: readonly Concern[]): Told[] {
  const alike = Map.groupBy(concerns, ({ status, reason, message }) =>
    JSON.stringify([status, reason, message]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const toDo = group.find((one) => one.toDo !== undefined)?.toDo;
    return [{ ...first, types: group.map(({ type }) => type), ...(toDo !== undefined && { toDo }) }];
  });
}

/** What is shorter than this is repeated: people would have to look it up. */
const leastLength = 60;

/** What stood in a message before, and what is to be done about it, is not written out again. */
function shortened(told: readonly Told[]): Told[] {
  return told.map((one, at) => {
    const before = told.slice(0, at);
    const said = before.find(
      ({ message }) => message.length >= leastLength && one.message.includes(message),
    )?.message;
    const message = said === undefined ? one.message : one.message.replace(said, () => '(the same as above)');
    const { toDo, ...rest } = one;
    const isNew = toDo !== undefined && before.every((other) => other.toDo !== toDo);
    return { ...rest, message, ...(isNew && { toDo }) };
  });
}
