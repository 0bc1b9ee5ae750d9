/** PURE: what a machine lacks to run a cluster, all of it at once, each with its remedy. */
import type { CgroupPlan } from './cgroups.ts';

/** What was found on the machine. */
export interface MachineFacts {
  /** As `process.platform` and `process.arch` say. */
  readonly platform: string;
  readonly arch: string;
  readonly userId: number;
  /** Why namespaces (network, mount, pid) with a switch in them cannot be made; undefined when they can. */
  readonly namespacesFailure: string | undefined;
  /** Debian's installer is there. */
  readonly canInstall: boolean;
  /** Commands that are in no folder of the PATH. */
  readonly missingCommands: readonly string[];
  /** As in `go version`, e.g. 1.25.3; undefined when there is no Go. */
  readonly goVersion: string | undefined;
  /** Whether the binaries have yet to be built. */
  readonly mustBuild: boolean;
  /** File systems the kernel knows, as in /proc/filesystems. */
  readonly fileSystems: readonly string[];
  readonly cgroups: CgroupPlan;
  readonly freeMemoryMiB: number;
}

/** One thing that is missing. */
export interface Missing {
  readonly what: string;
  readonly remedy: string;
}

/** Measured: 0.7 GiB for a control plane, 1.6 GiB with three nodes and a few pods. */
const neededMemoryMiB = { controlPlane: 1024, nodes: 2560 };
const oldestGo = [1, 25] as const;

/** All that is missing for a cluster with this many nodes (0: control plane only). */
export function missingPrerequisites(facts: MachineFacts, nodes: number): readonly Missing[] {
  if (facts.platform !== 'linux') return [notLinux(facts.platform)];
  return [...rights(facts), ...programs(facts), ...kernel(facts, nodes), ...memory(facts, nodes)];
}

function notLinux(platform: string): Missing {
  return {
    what: `Linux (this is ${platform})`,
    remedy: 'run it in a virtual machine with Debian 12 or newer',
  };
}

function rights({ userId, namespacesFailure }: MachineFacts): readonly Missing[] {
  if (userId !== 0)
    return [{ what: `root (this is user ${userId})`, remedy: 'run the same command with sudo -E' }];
  if (namespacesFailure === undefined) return [];
  return [
    {
      what: `namespaces with virtual network links (${namespacesFailure})`,
      remedy: 'in a container: start it with --privileged; else load the kernel modules veth and bridge',
    },
  ];
}

function programs(facts: MachineFacts): readonly Missing[] {
  const { canInstall, missingCommands, mustBuild, goVersion } = facts;
  const missing: Missing[] = [];
  if (!canInstall && missingCommands.length > 0)
    missing.push({
      what: `the commands ${missingCommands.join(', ')} (and there is no apt-get to install them)`,
      remedy: 'install the packages that bring them',
    });
  if (mustBuild && !isGoNewEnough(goVersion))
    missing.push({
      what: `Go ${oldestGo.join('.')} or newer (${goVersion === undefined ? 'there is none' : `this is ${goVersion}`})`,
      remedy:
        'install it from https://go.dev/dl/, or set KUBEBUILDER_ASSETS to a folder with all the binaries',
    });
  if (facts.arch !== 'x64')
    missing.push({
      what: `kubectl and helm for ${facts.arch} (the npm packages carry them for x64)`,
      remedy: 'run it on an x64 machine',
    });
  return missing;
}

function isGoNewEnough(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]);
}

function kernel({ cgroups, fileSystems }: MachineFacts, nodes: number): readonly Missing[] {
  if (nodes === 0) return [];
  const missing: Missing[] = [];
  if (!cgroups.ok)
    missing.push({
      what: `control groups for the nodes: ${cgroups.reason}`,
      remedy: 'delegate a cgroup (systemd-run --scope -p Delegate=yes …) and name it in RTC_CGROUP',
    });
  if (!fileSystems.includes('overlay'))
    missing.push({ what: 'the file system overlay', remedy: 'modprobe overlay' });
  return missing;
}

function memory({ freeMemoryMiB }: MachineFacts, nodes: number): readonly Missing[] {
  const needed = nodes === 0 ? neededMemoryMiB.controlPlane : neededMemoryMiB.nodes;
  if (freeMemoryMiB >= needed) return [];
  return [{ what: `${needed} MiB of free memory (there are ${freeMemoryMiB})`, remedy: 'end what uses it' }];
}

/** The whole message for people. */
export function missingText(missing: readonly Missing[]): string {
  return [
    'This machine cannot run a Kubernetes cluster of its own. It lacks:',
    ...missing.map(({ what, remedy }) => `  - ${what}\n    ${remedy}`),
    'Or use a cluster that exists: CLUSTER=current takes the one of the current kubeconfig.',
  ].join('\n');
}
