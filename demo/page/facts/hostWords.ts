/** Pure: what the host page says of a pod, its calls and all of them together. */

/** Whoever is in a call. */
interface Talker {
  readonly name: string;
}

/** The part of a pod's row that words are made from. */
export interface PodSaid {
  readonly name: string;
  readonly state: string;
  readonly message: string | null;
  readonly drain: string | null;
  readonly deadline: string | null;
  readonly takesNewCalls: boolean | null;
  readonly calls: readonly { readonly channel: string; readonly people: readonly Talker[] }[];
}

/** One sentence on who is on a pod, and what happens to them. */
export function sayingOf(pod: PodSaid): string {
  const people = pod.calls.flatMap((call) => call.people);
  if (pod.state !== 'Draining')
    return people.length === 0
      ? 'Nobody talks here.'
      : `${namesOf(people)} ${people.length === 1 ? 'is' : 'talk'} here.`;
  if (people.length === 0) return 'Nobody is left on it: it goes, and nobody is cut off.';
  const until =
    pod.deadline === null
      ? 'until they hang up'
      : `until they hang up, or until ${clockOf(pod.deadline)} at most`;
  return `${namesOf(people)} ${people.length === 1 ? 'talks' : 'talk'} on here ${until}: nobody is cut off, and new calls go elsewhere.`;
}

/** `3 pods: 2 Published, 1 Draining. 5 people in 2 calls.` */
export function summaryOf(pods: readonly PodSaid[]): string {
  const states = new Map<string, number>();
  for (const { state } of pods) states.set(state, (states.get(state) ?? 0) + 1);
  const calls = pods.flatMap((pod) => pod.calls);
  const people = calls.reduce((sum, call) => sum + call.people.length, 0);
  const list = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const talk =
    calls.length === 0
      ? 'Nobody talks.'
      : `${count(people, 'person', 'people')} in ${count(calls.length, 'call', 'calls')}.`;
  return pods.length === 0 ? 'No pods yet.' : `${count(pods.length, 'pod', 'pods')}: ${list}. ${talk}`;
}

/** What a screen reader should hear when a pod changes: its state, its end, its beginning. */
export function podNewsOf(before: readonly PodSaid[], now: readonly PodSaid[]): string[] {
  if (before.length === 0) return [];
  const old = (pod: PodSaid): PodSaid | undefined => before.find(({ name }) => name === pod.name);
  return [
    ...now
      .filter((pod) => old(pod)?.state !== pod.state)
      .map((pod) => `${pod.name} is ${pod.state}${pod.state === 'Draining' ? `. ${sayingOf(pod)}` : ''}`),
    ...before
      .filter((pod) => !now.some(({ name }) => name === pod.name))
      .map(({ name }) => `${name} is gone`),
  ];
}

/** `Ada, Bruno and Chloe`; of many the first few. */
function namesOf(people: readonly Talker[]): string {
  const shown = people.slice(0, 5).map(({ name }) => name);
  const rest = people.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

function clockOf(time: string): string {
  return new Date(time).toISOString().slice(11, 16).concat(' UTC');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
