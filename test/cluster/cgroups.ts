/**
 * PURE: what a node needs in the machine's control groups, in both layouts:
 * one hierarchy per controller (v1, hybrid) or one for all (v2).
 */

/** A line of /proc/mounts that is about cgroups. */
export interface CgroupMount {
  readonly type: 'cgroup' | 'cgroup2';
  readonly path: string;
  readonly options: readonly string[];
}

/** What is known about the one cgroup of v2 under which nodes go. */
export interface UnifiedBase {
  /** From the top of the mount: `/`, or what `RTC_CGROUP` names. */
  readonly path: string;
  /** Its cgroup.controllers. */
  readonly controllers: readonly string[];
  /** Its cgroup.subtree_control. */
  readonly enabled: readonly string[];
  /** Processes directly in it. */
  readonly pids: readonly number[];
  /** The kernel's own root, which alone may hold processes beside children with controllers. */
  readonly isKernelRoot: boolean;
}

/** What the machine has. */
export interface CgroupFacts {
  readonly mounts: readonly CgroupMount[];
  readonly unified?: UnifiedBase;
}

/** What to do for nodes of the given names, in this order; `undo` after their directories are gone. */
export interface CgroupSteps {
  readonly layout: 'v1' | 'v2';
  /** Out of the way of the rule that a cgroup with controllers below holds no processes itself. */
  readonly move?: { readonly to: string; readonly pids: readonly number[] };
  readonly writes: readonly FileWrite[];
  readonly directories: readonly string[];
  /** A new cpuset of v1 is empty and useless until it has its parent's values. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  readonly undo: readonly FileWrite[];
  /** `cgroupRoot` of the kubelet, by node. */
  readonly roots: Readonly<Record<string, string>>;
}

/** One value into one file. */
export interface FileWrite {
  readonly file: string;
  readonly value: string;
}

/** The plan, or why there is none. */
export type CgroupPlan =
  { readonly ok: true; readonly steps: CgroupSteps } | { readonly ok: false; readonly reason: string };

/** The kubelet refuses to start without these. */
const neededV1 = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids'];
const neededV2 = ['cpu', 'cpuset', 'memory', 'pids'];

/** The plan for nodes whose cgroups bear these names, e.g. `rtc0-n1`. */
export function cgroupPlan(facts: CgroupFacts, names: readonly string[]): CgroupPlan {
  const v1 = facts.mounts.filter(({ type }) => type === 'cgroup');
  const v2 = facts.mounts.find(({ type }) => type === 'cgroup2');
  if (v1.some(({ options }) => options.includes('memory'))) return planV1(v1, v2, names);
  if (v2 !== undefined && facts.unified !== undefined) return planV2(v2.path, facts.unified, names);
  return { ok: false, reason: 'no cgroup hierarchy is mounted below /sys/fs/cgroup' };
}

function planV1(
  mounts: readonly CgroupMount[],
  unified: CgroupMount | undefined,
  names: readonly string[],
): CgroupPlan {
  const missing = neededV1.filter((name) => !mounts.some(({ options }) => options.includes(name)));
  if (missing.length > 0)
    return { ok: false, reason: `the cgroup hierarchies (v1) lack ${missing.join(', ')}` };
  // runc puts containers into the hybrid's second hierarchy too, though it controls nothing there.
  const all = unified === undefined ? mounts : [...mounts, unified];
  const cpuset = mounts.find(({ options }) => options.includes('cpuset'))?.path ?? '';
  return {
    ok: true,
    steps: {
      layout: 'v1',
      writes: [],
      directories: names.flatMap((name) => all.map(({ path }) => `${path}/${name}`)),
      copies: names.flatMap((name) =>
        ['cpuset.cpus', 'cpuset.mems'].map((file) => ({
          from: `${cpuset}/${file}`,
          to: `${cpuset}/${name}/${file}`,
        })),
      ),
      undo: [],
      roots: Object.fromEntries(names.map((name) => [name, `/${name}`])),
    },
  };
}

function planV2(mountPath: string, base: UnifiedBase, names: readonly string[]): CgroupPlan {
  const missing = neededV2.filter((name) => !base.controllers.includes(name));
  if (missing.length > 0)
    return { ok: false, reason: `the cgroup ${base.path} (v2) was not given ${missing.join(', ')}` };
  const below = base.path === '/' ? '' : base.path;
  const subtreeControl = `${mountPath}${below}/cgroup.subtree_control`;
  const toEnable = neededV2.filter((name) => !base.enabled.includes(name));
  const mustMove = !base.isKernelRoot && base.pids.length > 0 && toEnable.length > 0;
  const change = (sign: string): readonly FileWrite[] =>
    toEnable.length === 0
      ? []
      : [{ file: subtreeControl, value: toEnable.map((name) => sign + name).join(' ') }];
  return {
    ok: true,
    steps: {
      layout: 'v2',
      ...(mustMove ? { move: { to: `${mountPath}${below}/rtc-host`, pids: base.pids } } : {}),
      writes: change('+'),
      directories: names.map((name) => `${mountPath}${below}/${name}`),
      copies: [],
      // Processes that had to move stay moved: there the controllers stay as well, for the next cluster.
      undo: mustMove ? [] : change('-'),
      roots: Object.fromEntries(names.map((name) => [name, `${below}/${name}`])),
    },
  };
}
