/** PURE: what has been typed → what may come next, from the very definition of the verbs. */
import type { Command, Option } from 'commander';

/** Names that only a Kubernetes knows. */
export type Named = 'targets' | 'clusters' | 'pods' | 'turnservers' | 'nodes' | 'namespaces' | 'contexts';

/** What fits. */
export interface Completion {
  readonly words: readonly string[];
  /** These as well, if they can be had. */
  readonly named?: Named;
}

/** By the name of an argument or the long form of an option. */
const namedBy: Readonly<Record<string, Named>> = {
  ...{
    cluster: 'clusters',
    what: 'clusters',
    name: 'clusters',
    like: 'clusters',
    target: 'targets',
    pod: 'pods',
    pods: 'pods',
  },
  ...{ turnserver: 'turnservers', node: 'nodes', namespace: 'namespaces', context: 'contexts' },
};

/** `typed` is all after the program's name; the last word is being typed, and may be empty. */
export function complete(program: Command, typed: readonly string[]): Completion {
  const before = typed.slice(0, -1);
  const last = typed.at(-1) ?? '';
  const place = walk(program, before);
  const option = optionNamed(program, place.command, before.at(-1) ?? '');
  if (option !== undefined && takesValue(option)) return valueOf(option, last);
  return wordAt(program, place, last);
}

function wordAt(program: Command, { command, position }: Place, last: string): Completion {
  if (last.startsWith('-')) return fitting(optionsOf(program, command).map(nameOf), last);
  if (command.commands.length > 0)
    return fitting(
      command.commands.map((one) => one.name()),
      last,
    );
  const argument = command.registeredArguments.at(position) ?? variadic(command);
  if (argument === undefined) return { words: [] };
  const named = namedBy[argument.name()];
  return { ...fitting(argument.argChoices ?? [], last), ...(named && { named }) };
}

function nameOf({ long, short }: Option): string {
  return long ?? short ?? '';
}

function variadic({ registeredArguments }: Command): Command['registeredArguments'][number] | undefined {
  const last = registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}

/** The command that the words before lead to, and how many of its arguments are there already. */
interface Place {
  readonly command: Command;
  readonly position: number;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let position = 0;
  for (const [index, word] of words.entries()) {
    const option = optionNamed(program, command, words[index - 1] ?? '');
    if (word.startsWith('-') || (option !== undefined && takesValue(option))) continue;
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) position++;
    else command = next;
  }
  return { command, position };
}

function optionsOf(program: Command, command: Command): readonly Option[] {
  return command === program ? program.options : [...command.options, ...program.options];
}

function optionNamed(program: Command, command: Command, word: string): Option | undefined {
  return optionsOf(program, command).find(
    ({ long, short }) => word !== '' && (long === word || short === word),
  );
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function valueOf(option: Option, last: string): Completion {
  const named = namedBy[option.attributeName()];
  return { ...fitting(option.argChoices ?? [], last), ...(named && { named }) };
}

function fitting(words: readonly string[], last: string): { readonly words: readonly string[] } {
  return { words: words.filter((word) => word.startsWith(last)).toSorted() };
}
