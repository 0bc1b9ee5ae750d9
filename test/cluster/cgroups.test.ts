import { describe, expect, test } from '@jest/globals';
import { cgroupPlan } from './cgroups.ts';
import type { CgroupFacts, CgroupMount, CgroupSteps, UnifiedBase } from './cgroups.ts';

const v1Mount = (...options: readonly string[]): CgroupMount => ({
  type: 'cgroup',
  path: `/sys/fs/cgroup/${options.join(',')}`,
  options: ['rw', ...options],
});
const hybrid: CgroupFacts = {
  mounts: [
    ...['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'devices', 'name=systemd'].map((name) => v1Mount(name)),
    { type: 'cgroup2', path: '/sys/fs/cgroup/unified', options: ['rw'] },
  ],
};
const base: UnifiedBase = {
  path: '/',
  controllers: ['cpuset', 'cpu', 'io', 'memory', 'pids'],
  enabled: ['cpu', 'memory', 'pids'],
  pids: [1, 77],
  isKernelRoot: true,
};
const v2 = (changes: Partial<UnifiedBase> = {}): CgroupFacts => ({
  mounts: [{ type: 'cgroup2', path: '/sys/fs/cgroup', options: ['rw'] }],
  unified: { ...base, ...changes },
});

function stepsOf(facts: CgroupFacts, ...names: readonly string[]): CgroupSteps {
  const plan = cgroupPlan(facts, names);
  if (!plan.ok) throw new Error(plan.reason);
  return plan.steps;
}

describe('one hierarchy per controller (v1, hybrid)', () => {
  test('a node gets a directory in each hierarchy, the unified one of the hybrid layout included', () => {
    const { layout, directories, roots } = stepsOf(hybrid, 'rtc0-n1');
    expect(layout).toBe('v1');
    expect(directories).toContain('/sys/fs/cgroup/memory/rtc0-n1');
    expect(directories).toContain('/sys/fs/cgroup/name=systemd/rtc0-n1');
    expect(directories).toContain('/sys/fs/cgroup/unified/rtc0-n1');
    expect(directories).toHaveLength(8);
    expect(roots).toEqual({ 'rtc0-n1': '/rtc0-n1' });
  });

  test('a new cpuset takes its parent’s values', () => {
    expect(stepsOf(hybrid, 'rtc0-n2').copies).toEqual([
      { from: '/sys/fs/cgroup/cpuset/cpuset.cpus', to: '/sys/fs/cgroup/cpuset/rtc0-n2/cpuset.cpus' },
      { from: '/sys/fs/cgroup/cpuset/cpuset.mems', to: '/sys/fs/cgroup/cpuset/rtc0-n2/cpuset.mems' },
    ]);
  });

  test('controllers that share a hierarchy share a directory', () => {
    const mounts = [v1Mount('cpu', 'cpuacct'), ...['cpuset', 'memory', 'pids'].map((name) => v1Mount(name))];
    expect(stepsOf({ mounts }, 'a').directories).toHaveLength(4);
  });

  test('says which hierarchies are missing', () => {
    const mounts = [v1Mount('memory'), v1Mount('cpu')];
    expect(cgroupPlan({ mounts }, ['a'])).toEqual({
      ok: false,
      reason: 'the cgroup hierarchies (v1) lack cpuacct, cpuset, pids',
    });
  });
});

describe('one hierarchy for all (v2)', () => {
  test('on a machine: turns on at the root what is off, and off again at the end; moves nobody', () => {
    const steps = stepsOf(v2(), 'rtc0-n1');
    expect(steps.layout).toBe('v2');
    expect(steps.writes).toEqual([{ file: '/sys/fs/cgroup/cgroup.subtree_control', value: '+cpuset' }]);
    expect(steps.undo).toEqual([{ file: '/sys/fs/cgroup/cgroup.subtree_control', value: '-cpuset' }]);
    expect(steps.directories).toEqual(['/sys/fs/cgroup/rtc0-n1']);
    expect(steps.move).toBeUndefined();
  });

  test('in a container: the processes at the top make room first, and stay where they went', () => {
    const steps = stepsOf(v2({ isKernelRoot: false, enabled: [] }), 'rtc0-n1');
    expect(steps.move).toEqual({ to: '/sys/fs/cgroup/rtc-host', pids: [1, 77] });
    expect(steps.undo).toEqual([]);
  });

  test('in a container whose controllers are on already, nothing has to move', () => {
    const steps = stepsOf(v2({ isKernelRoot: false, enabled: base.controllers }), 'rtc0-n1');
    expect([steps.move, steps.writes, steps.undo]).toEqual([undefined, [], []]);
  });

  test('a delegated subtree holds the nodes, and the kubelet is told the whole path', () => {
    const delegated = v2({ path: '/ci.slice/job.scope', isKernelRoot: false, pids: [] });
    const steps = stepsOf(delegated, 'rtc1-n1', 'rtc1-n2');
    expect(steps.directories[1]).toBe('/sys/fs/cgroup/ci.slice/job.scope/rtc1-n2');
    expect(steps.roots).toEqual({
      'rtc1-n1': '/ci.slice/job.scope/rtc1-n1',
      'rtc1-n2': '/ci.slice/job.scope/rtc1-n2',
    });
  });

  test('says which controllers were not given', () => {
    expect(cgroupPlan(v2({ path: '/user.slice', controllers: ['memory', 'pids'] }), ['a'])).toEqual({
      ok: false,
      reason: 'the cgroup /user.slice (v2) was not given cpu, cpuset',
    });
  });
});

test('no hierarchy at all is a reason', () => {
  expect(cgroupPlan({ mounts: [] }, ['a'])).toMatchObject({
    ok: false,
    reason: expect.stringContaining('no cgroup'),
  });
});
