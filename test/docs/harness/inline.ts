/** PURE: what is known of a command inside of a line without running it. */

const tools = [
  'kubectl',
  'helm',
  'make',
  'npm',
  'node',
  'curl',
  'docker',
  'systemctl',
  'ss',
  'nft',
  'git',
] as const;
/** Programs that a line of code may begin with. */
export type Tool = (typeof tools)[number];

/** The program of a command; undefined for code that is none, and for a mere name such as `kubectl drain`. */
export function toolOf(text: string): Tool | undefined {
  const words = wordsOf(text);
  return tools.find((tool) => tool === words[0] && words.length > 1);
}

/** Words without the variables before them. */
function wordsOf(text: string): readonly string[] {
  const words = text.split(/\s+/);
  return words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
}

/** These need pods that really run, or the plugin, which has tests of its own. */
const needsMore = /^(helm test|kubectl (logs|exec|port-forward|rtc))\b/;

/** Whether it can be run as it stands: nothing is left out, and it is more than the name of a deed such as `kubectl delete pod`. */
export function isWhole(text: string): boolean {
  const [, verb = '', ...rest] = wordsOf(text);
  const least = ['get', 'describe', 'explain'].includes(verb) ? 1 : 2;
  return !text.includes('…') && rest.length >= least && !needsMore.test(text);
}

/** `text` is a command line; undefined: it names a target, and variables that the Makefile knows. */
export function makeProblem(text: string, makefile: string): string | undefined {
  if (toolOf(text) !== 'make') return undefined;
  const [, ...words] = wordsOf(text.replace(/\s+#.*$/, '').replace(/"[^"]*"|'[^']*'/g, 'TEXT'));
  const unknown = words.filter((word) => {
    const [variable = ''] = word.split('=');
    if (word.includes('=')) return !new RegExp(`\\b${variable}\\b`).test(makefile);
    return !new RegExp(`^${word}:`, 'm').test(makefile);
  });
  return unknown.length === 0 ? undefined : `the Makefile does not know ${unknown.join(', ')}`;
}

/** A verb of `kubectl rtc`; some have verbs of their own. */
export interface Verb {
  readonly name: () => string;
  readonly commands: readonly Verb[];
}

/** As `makeProblem`. */
export function rtcProblem(text: string, verbs: readonly Verb[]): string | undefined {
  const [tool, plugin, ...words] = wordsOf(text);
  if (tool !== 'kubectl' || plugin !== 'rtc' || words.length === 0) return undefined;
  const [verb = '', second = ''] = words;
  const found = verbs.find((one) => one.name() === verb);
  if (found === undefined) return `kubectl rtc has no ${verb}`;
  const isKnown = found.commands.length === 0 || found.commands.some((one) => one.name() === second);
  return isKnown ? undefined : `kubectl rtc ${verb} has no ${second}`;
}

/** What there is to be found. */
export interface Npm {
  readonly scripts: readonly string[];
  readonly exists: (path: string) => boolean;
}

const own = ['ci', 'exec', 'start', 'install'];

/** As `makeProblem`. */
export function npmProblem(text: string, { scripts, exists }: Npm): string | undefined {
  if (!['npm', 'node'].includes(toolOf(text) ?? '')) return undefined;
  const [tool, ...words] = wordsOf(text.replace(/\s+#.*$/, ''));
  const named = words.filter((word) => !word.startsWith('-'));
  const [verb = '', script = ''] = named;
  if (tool === 'npm' && ![...own, 'run'].includes(verb)) return `npm has no ${verb}`;
  if (verb === 'run' && !scripts.includes(script)) return `package.json has no script ${script}`;
  const lost = named.filter(
    (word) => /^(test|operator|sfu|demo|crds|charts|deploy)\//.test(word) && !exists(word),
  );
  return lost.length === 0 ? undefined : `there is no ${lost.join(', ')}`;
}
