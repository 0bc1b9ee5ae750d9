/**
 * The stories of a fleet, each played once for every write that the operator makes in it: killed right after that write,
 * or with the answer to it lost. What is left half done must be finished by whoever comes next.
 */
import { playScenario, type Intruder, type Result } from './run.ts';
import type { Deed, Scenario } from './scenario.ts';

/** One story. */
export interface Story {
  readonly name: string;
  readonly replicas: number;
  readonly deed: Deed;
}

/** What goes wrong at one write. */
export type WriteFault = 'crash' | 'lostAnswer';

/** One story with one fault. */
export interface CrashPoint {
  readonly story: string;
  readonly fault: WriteFault;
  /** Number of the write since the story began, from 1. */
  readonly write: number;
}

/** See the file comment. */
export const stories: readonly Story[] = [
  { name: 'scale up', replicas: 2, deed: { kind: 'scale', replicas: 4 } },
  { name: 'scale down', replicas: 4, deed: { kind: 'scale', replicas: 2 } },
  { name: 'rollout', replicas: 3, deed: { kind: 'image', tag: '1.2.7' } },
  { name: 'node drain', replicas: 4, deed: { kind: 'drainNode', node: 2 } },
  { name: 'deletion', replicas: 2, deed: { kind: 'deleteCluster' } },
  { name: 'address change', replicas: 2, deed: { kind: 'readdress', node: 2 } },
];

/** Every write is awaited from here on. */
const beginMs = 120_000;

/** Plays a story without a fault: how many writes it takes. */
export async function writesOf(story: Story): Promise<number> {
  let writes = 0;
  await playScenario(
    scenarioOfStory(story),
    countWrites(() => (writes += 1)),
  );
  return writes;
}

/** The story of that name. */
export function storyNamed(name: string): Story {
  const story = stories.find((one) => one.name === name);
  if (story === undefined) throw new RangeError(`there is no story ${name}`);
  return story;
}

/** Plays a story with one fault. */
export function playCrashPoint({ story: name, fault, write }: CrashPoint): Promise<Result> {
  const story = storyNamed(name);
  return playScenario(scenarioOfStory(story), fault === 'crash' ? crashAfter(write) : loseAnswerOf(write));
}

/** Five nodes for at most four pods, so that a replacement finds one; short calls, so that drains end. */
export function scenarioOfStory({ replicas, deed }: Story): Scenario {
  return {
    ...{ seed: 1, nodes: 5, operators: ['a'], dnsTtlSeconds: 30, callEveryMs: 30_000, calmAtMs: 480_000 },
    spec: { replicas, engine: { image: 'sfu:1.2.6' } },
    events: [{ ...deed, atMs: beginMs }],
  };
}

/** Numbers about sessions are written every ten seconds and nothing rests on them: they are not counted. */
function countWrites(onWrite: (number: number) => void): Intruder {
  return (world, monitor) => {
    let number = 0;
    monitor.onStep = (text) => {
      if (world.time.nowMs >= beginMs && !text.includes('/figures ')) onWrite((number += 1));
    };
  };
}

function crashAfter(write: number): Intruder {
  return (world, monitor) =>
    countWrites((number) => {
      if (number === write) world.crashOperator('a', 5_000);
    })(world, monitor);
}

/** The answer to the write that follows the one before it. */
function loseAnswerOf(write: number): Intruder {
  return (world, monitor) =>
    countWrites((number) => {
      if (number === write - 1) world.weather.losesNextAnswer = true;
    })(world, monitor);
}
