/** PURE: people and calls → pods and nodes, by the price list that the autoscaler decides with. */
import type { Counts } from '../../fleet/scale/measures.ts';
import { priceOf } from '../../fleet/scale/price.ts';
import { parts, table } from '../text.ts';

/** What is expected at the busiest moment. */
export interface SizingInput {
  /** In calls at the same time, over all of them. */
  readonly people: number;
  readonly calls: number;
  /** Unmuted at the same time, in each call. */
  readonly unmuted: number;
  /** Screens that are shared at the same time, over all calls. */
  readonly screens: number;
  readonly webcams: number;
  /** Cores of the media workers of a pod (engine.workers). */
  readonly workers: number;
  /** Share of them that is to be used (scaling.target.loadPercent). */
  readonly loadPercent: number;
  /** Kept free on top (scaling.headroom.percent). */
  readonly headroomPercent: number;
  /** People in the largest call; absent: all are equal. */
  readonly largest?: number;
  /** How many millicores one of the list is on these machines; 1: as on those that the list is from. */
  readonly ratio: number;
}

/** See the file comment. */
export interface SizingView {
  readonly input: SizingInput;
  readonly counts: Counts;
  /** Millicores of media in all. */
  readonly millicores: number;
  /** With the headroom, at the load that is aimed at. */
  readonly pods: number;
  /** One per pod, and one more so that a node can be emptied while all talk. */
  readonly nodes: number;
  /** Cores that a node has to have for its pod: media workers, and one for signaling and the rest. */
  readonly coresPerNode: number;
  /** What does not fit, or is left out. */
  readonly notes: readonly string[];
}

/** Throws a RangeError naming the option that makes no sense. */
export function sizingView(input: SizingInput): SizingView {
  const { people, calls, workers, loadPercent, headroomPercent, ratio } = input;
  if (calls > people) throw new RangeError(`--calls ${calls} is more than --people ${people}`);
  const counts = countsOf(input, { people, calls });
  const millicores = priceOf(counts) * ratio;
  const usable = workers * 1000 * (loadPercent / 100);
  const pods = Math.max(1, Math.ceil((millicores * (1 + headroomPercent / 100)) / usable));
  return {
    ...{ input, counts: rounded(counts), millicores: Math.round(millicores), pods },
    ...{ nodes: pods + 1, coresPerNode: workers + 1, notes: notesOf(input, usable) },
  };
}

/** Everybody hears all who are unmuted in the call, and sees what is shared there. */
function countsOf(
  { unmuted, screens, webcams }: SizingInput,
  { people, calls }: { readonly people: number; readonly calls: number },
): Counts {
  const others = Math.max(0, people / calls - 1);
  const audioIn = Math.min(people, unmuted * calls);
  const videoIn = screens + webcams;
  return { sessions: people, audioIn, videoIn, audioOut: audioIn * others, videoOut: videoIn * others };
}

function rounded(counts: Counts): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, Math.round(count as number)]),
  ) as unknown as Counts;
}

/** A call stays on one pod. */
function notesOf(input: SizingInput, usable: number): string[] {
  const people = input.largest ?? Math.ceil(input.people / input.calls);
  const inIt = { screens: Math.min(1, input.screens), webcams: input.webcams / input.calls };
  const price = priceOf(countsOf({ ...input, ...inIt }, { people, calls: 1 })) * input.ratio;
  const share = Math.round((price / usable) * 100);
  const call = `A call of ${people} takes ${share} % of what one pod is to carry, and cannot be spread over pods`;
  return [
    price > usable ? `${call}: give pods more media workers (engine.workers)` : call,
    'Not in it: traffic (scaling.target.egressMbitPerPod), memory, TURN servers',
    ...(input.ratio === 1
      ? ['Prices are those of the list: --like CLUSTER takes those that were learnt on the machines of one']
      : []),
  ];
}

/** The same for people. */
export function sizingText({
  input,
  counts,
  millicores,
  pods,
  nodes,
  coresPerNode,
  notes,
}: SizingView): string {
  const { workers, loadPercent, headroomPercent } = input;
  const rows = Object.entries(counts).map(([name, count]) => [name, String(count)]);
  return parts(
    [
      `${pods} SFU ${pods === 1 ? 'pod' : 'pods'} of ${workers} media ${workers === 1 ? 'worker' : 'workers'}, on ${nodes} nodes of ${coresPerNode} cores (one node more than pods, to empty one while all talk)`,
      `from ${millicores} millicores of media, ${headroomPercent} % headroom, at ${loadPercent} % load`,
    ],
    [table(rows)],
    notes,
  );
}
