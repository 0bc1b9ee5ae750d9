/** What calls of some shapes cost by the price list, for people who choose machines: tables of `docs/sizing.md`. */
import type { Counts } from './measures.ts';
import { priceOf } from './price.ts';

/** A call as people describe it. */
interface Shape {
  readonly what: string;
  readonly people: number;
  /** Who has the microphone on. */
  readonly unmuted: number;
  readonly isScreenShared: boolean;
}

const shapes: readonly Shape[] = [
  { what: 'two people talk', people: 2, unmuted: 2, isScreenShared: false },
  { what: 'a team of 8, all unmuted', people: 8, unmuted: 8, isScreenShared: false },
  { what: 'a team of 8, 2 unmuted, a screen', people: 8, unmuted: 2, isScreenShared: true },
  { what: 'a meeting of 25, 3 unmuted, a screen', people: 25, unmuted: 3, isScreenShared: true },
  { what: 'a class of 50, 1 unmuted, a screen', people: 50, unmuted: 1, isScreenShared: true },
  { what: 'a town hall of 200, 3 unmuted, a screen', people: 200, unmuted: 3, isScreenShared: true },
];

/** Every track goes to everybody else. */
function countsOf({ people, unmuted, isScreenShared }: Shape): Counts {
  const screens = isScreenShared ? 1 : 0;
  const others = people - 1;
  return {
    ...{ sessions: people, audioIn: unmuted, audioOut: unmuted * others },
    ...{ videoIn: screens, videoOut: screens * others },
  };
}

/** `targetPercent` of one core is what a pod with one worker is filled to. */
export function sizingTable(targetPercent: number): string {
  const rows = shapes.map((shape) => {
    const millicores = priceOf(countsOf(shape));
    const calls = Math.floor((10 * targetPercent) / millicores);
    return `| ${shape.what} | ${Math.ceil(millicores)} | ${calls} | ${calls * shape.people} |`;
  });
  return [
    `| call | millicores | such calls on one core filled to ${targetPercent} % | people in them |`,
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** People in calls at the same moment, for whom pods are counted. */
const crowds = [1_000, 10_000, 100_000] as const;
/** Of a node with four cores: three for media, one for signaling and the rest. */
const workersPerPod = 3;
/** What is kept free for those who come, `scaling.headroom.percent`. */
const headroomShare = 0.2;
/**
 * Kilobits a second of one track on the wire, as in the load tests that Mattermost publishes: speech in 50 packets of
 * 242 bytes, a screen of 1.6 Mbit/s in packets of 1130 bytes.
 */
const kilobits = { voice: 97, screen: 1_640 } as const;

/** Pods, nodes and traffic for crowds that are all in calls of one shape, pods filled to `targetPercent` of their media cores. */
export function crowdTable(targetPercent: number): string {
  const rows = shapes.flatMap((shape) =>
    crowds.map((people) => {
      const { pods, egressMbit } = crowdOf(shape, people, targetPercent);
      const total = egressMbit >= 10_000 ? `${Math.round(egressMbit / 1000)} Gbit/s` : `${egressMbit} Mbit/s`;
      const each = Math.ceil(egressMbit / pods);
      return `| ${shape.what} | ${inWords(people)} | ${inWords(pods)} | ${inWords(pods + 1)} | ${total} | ${each} Mbit/s |`;
    }),
  );
  return [
    '| everybody is in calls like | people | pods | nodes | what goes out | of that a pod |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

interface Crowd {
  readonly pods: number;
  /** Whole megabits a second. */
  readonly egressMbit: number;
}

function crowdOf(shape: Shape, people: number, targetPercent: number): Crowd {
  const calls = people / shape.people;
  const counts = countsOf(shape);
  const usable = workersPerPod * 10 * targetPercent;
  return {
    pods: Math.max(2, Math.ceil((calls * priceOf(counts) * (1 + headroomShare)) / usable)),
    egressMbit: Math.round(
      (calls * (counts.audioOut * kilobits.voice + counts.videoOut * kilobits.screen)) / 1000,
    ),
  };
}

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}
