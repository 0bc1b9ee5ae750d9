/** What an autoscaler outside does, as plain data. */

/** See the file comment. It follows the sessions through the scale subresource until `forMs` have passed. */
export interface AutoscalerDeed {
  readonly kind: 'autoscale';
  readonly sessionsPerPod: number;
  readonly maxPods: number;
  readonly forMs: number;
}
