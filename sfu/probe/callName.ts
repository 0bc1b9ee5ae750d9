/** Pure: how the calls of probes are named, so that the server knows them and the worker they are for. */

/** `probe-<worker>-<id>`. */
export function callNameOf(worker: number, id: string): string {
  return `probe-${worker}-${id}`;
}

/** The worker, or undefined when it is no probe's call. */
export function workerOf(callID: string): number | undefined {
  const match = /^probe-(\d{1,3})-[0-9a-f]+$/.exec(callID);
  return match === null ? undefined : Number(match[1]);
}
