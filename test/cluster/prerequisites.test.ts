import { expect, test } from '@jest/globals';
import { missingPrerequisites, missingText } from './prerequisites.ts';
import type { MachineFacts } from './prerequisites.ts';

const good: MachineFacts = {
  platform: 'linux',
  arch: 'x64',
  userId: 0,
  namespacesFailure: undefined,
  canInstall: true,
  missingCommands: ['containerd'],
  goVersion: '1.25.1',
  mustBuild: true,
  fileSystems: ['ext4', 'overlay'],
  cgroups: {
    ok: true,
    steps: { layout: 'v2', writes: [], directories: [], copies: [], undo: [], roots: {} },
  },
  freeMemoryMiB: 8000,
};
const lacks = (changes: Partial<MachineFacts>, nodes = 3): string =>
  missingPrerequisites({ ...good, ...changes }, nodes)
    .map(({ what }) => what)
    .join('; ');

test('a machine where packages can be installed lacks nothing', () => {
  expect(lacks({})).toBe('');
});

test('all that is missing is said at once, each with its remedy, and the alternative at the end', () => {
  const facts: MachineFacts = {
    ...good,
    userId: 1000,
    canInstall: false,
    goVersion: undefined,
    fileSystems: [],
    cgroups: { ok: false, reason: 'no cgroup hierarchy is mounted below /sys/fs/cgroup' },
    freeMemoryMiB: 900,
  };
  expect(missingText(missingPrerequisites(facts, 3))).toBe(
    `This machine cannot run a Kubernetes cluster of its own. It lacks:
  - root (this is user 1000)
    run the same command with sudo -E
  - the commands containerd (and there is no apt-get to install them)
    install the packages that bring them
  - Go 1.25 or newer (there is none)
    install it from https://go.dev/dl/, or set KUBEBUILDER_ASSETS to a folder with all the binaries
  - control groups for the nodes: no cgroup hierarchy is mounted below /sys/fs/cgroup
    delegate a cgroup (systemd-run --scope -p Delegate=yes …) and name it in RTC_CGROUP
  - the file system overlay
    modprobe overlay
  - 2560 MiB of free memory (there are 900)
    end what uses it
Or use a cluster that exists: CLUSTER=current takes the one of the current kubeconfig.`,
  );
});

test('a control plane alone needs no cgroups, no overlay and less memory', () => {
  const changes = { cgroups: { ok: false, reason: 'none' }, fileSystems: [], freeMemoryMiB: 1100 } as const;
  expect(lacks(changes, 0)).toBe('');
});

test('Go is needed only when something has to be built, and then a new one', () => {
  expect(lacks({ goVersion: '1.24.9' })).toContain('this is 1.24.9');
  expect(lacks({ goVersion: '1.26' })).toBe('');
  expect(lacks({ goVersion: undefined, mustBuild: false })).toBe('');
});

test('root in a container without rights is told why', () => {
  expect(lacks({ namespacesFailure: 'unshare: Operation not permitted' })).toContain(
    'Operation not permitted',
  );
});

test('elsewhere than on Linux nothing else matters', () => {
  expect(lacks({ platform: 'darwin', userId: 501, canInstall: false })).toBe('Linux (this is darwin)');
});

test('a processor for which there are no tools is named', () => {
  expect(lacks({ arch: 'arm64' })).toContain('arm64');
});
