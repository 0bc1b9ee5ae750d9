/** What is asked of the operator, and which figure of which evidence answers it. Data only. */

/** One question with a bar. */
export interface CostBar {
  readonly id: string;
  readonly what: string;
  /** The figure must be at most this. */
  readonly must: number;
  readonly aim: number;
  readonly unit: string;
  /** Name of the file in docs/evidence, and of the value in it. */
  readonly evidence: string;
  readonly figure: string;
}

const changes = 'operator-costs';
const [thousand, nodes] = ['operator-costs-thousand', 'operator-costs-nodes'];
const soak = 'operator-costs-soak';

/** In the order of the page. */
export const costBars: readonly CostBar[] = [
  {
    ...{ id: 'O1', what: 'requests of reconciles that find nothing to do', must: 0, aim: 0 },
    ...{ unit: '', evidence: 'no-op-reconcile', figure: 'requests' },
  },
  {
    ...{ id: 'O2', what: 'from a new RTCCluster to the request for its first pod', must: 500, aim: 100 },
    ...{ unit: 'ms', evidence: changes, figure: 'firstPodMs' },
  },
  {
    ...{ id: 'O3', what: 'start beside 1,000 RTCClusters, until each was looked at' },
    ...{ must: 15, aim: 5, unit: 's', evidence: thousand, figure: 'startSeconds' },
  },
  {
    ...{ id: 'O3', what: 'writes of that start', must: 0, aim: 0 },
    ...{ unit: '', evidence: thousand, figure: 'startWrites' },
  },
  {
    ...{ id: 'O4', what: 'memory beside 1,000 RTCClusters with 8,000 children, on 1,000 nodes' },
    ...{ must: 300, aim: 180, unit: 'MiB', evidence: thousand, figure: 'rssMiB' },
  },
  {
    ...{ id: 'O4b', what: 'memory beside 100 RTCClusters and 1,000 pods on as many nodes' },
    ...{ must: 180, aim: 120, unit: 'MiB', evidence: nodes, figure: 'rssMiB' },
  },
  {
    ...{ id: 'O5', what: 'reconciles of ten edits that are seen at once', must: 2, aim: 2 },
    ...{ unit: '', evidence: 'ten-edits', figure: 'reconciles' },
  },
  {
    ...{ id: 'O6', what: 'an edit after ten minutes of nothing, until the status has seen it' },
    ...{ must: 1000, aim: 200, unit: 'ms', evidence: changes, figure: 'editSeenAfterIdleMs' },
  },
  {
    ...{ id: 'O7', what: 'bytes that stay of one reconcile, over ten thousand', must: 100, aim: 10 },
    ...{ unit: 'B', evidence: soak, figure: 'bytesPerReconcile' },
  },
  {
    ...{ id: 'O8', what: 'start of the process without RTCClusters, until it reconciles' },
    ...{ must: 3000, aim: 1000, unit: 'ms', evidence: nodes, figure: 'startMsWithoutClusters' },
  },
];
