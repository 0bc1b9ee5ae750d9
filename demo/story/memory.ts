/** Resident memory of what runs in a pod, read inside of it. */
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';

/** Which pod. */
export interface PodRef {
  readonly namespace: string;
  /** A name, or `deploy/name`. */
  readonly pod: string;
}

/** RSS of all processes of a pod's container, MiB. The reading shell is not counted. */
export async function rssMiB(tools: ToolRunner, { namespace, pod }: PodRef): Promise<number> {
  const script = 'for s in /proc/[0-9]*/status; do [ "$s" = "/proc/$$/status" ] || cat $s 2>/dev/null; done';
  const text = await tools.kubectl('exec', '--namespace', namespace, pod, '--', 'sh', '-c', script);
  return sumRssKiB(text) / 1024;
}

/** Pure: adds the `VmRSS` lines of concatenated `/proc/PID/status` files, without that of `cat` itself. */
export function sumRssKiB(statuses: string): number {
  return statuses
    .split(/(?=^Name:)/m)
    .filter((status) => !/^Name:\s+(cat|sh)$/m.test(status))
    .reduce((sum, status) => sum + Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0), 0);
}
