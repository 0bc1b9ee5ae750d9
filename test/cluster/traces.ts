/** What a cluster could leave on the machine, to be compared before and after. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCgroupFacts } from './cgroupFiles.ts';
import { slotsDir } from './slots.ts';

/** Settings of the whole machine that programs of a node would like to change. */
const settings = [
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'net.ipv4.ip_forward',
  'net.netfilter.nf_conntrack_max',
];

/** Where programs of a node would like to write. */
const directories = [
  '/var/lib/kubelet',
  '/var/lib/cni',
  '/var/lib/containerd',
  '/var/log/pods',
  '/var/log/containers',
  '/run/containerd',
];

/** What all clusters share: directories and settings of the machine that none may change. */
export function machineState(): Readonly<Record<string, readonly string[]>> {
  return {
    directories: directories.filter((directory) => existsSync(directory)),
    settings: settings.map((name) => `${name}=${linesOf(`/proc/sys/${name.replaceAll('.', '/')}`).join()}`),
  };
}

/** Everything on the machine that belongs to the cluster of this name. */
export function tracesOf(cluster: string): Readonly<Record<string, readonly string[]>> {
  const isIts = (name: string): boolean => name === cluster || name.startsWith(`${cluster}-`);
  const files = join(slotsDir, cluster.replace(/^\D+/, ''));
  return {
    namespaces: namesIn('/run/netns').filter(isIts),
    links: namesIn('/sys/class/net').filter(isIts),
    routes: linesOf('/proc/net/route').filter((line) => isIts(line.split('\t')[0] ?? '')),
    mounts: linesOf('/proc/mounts').filter((line) => line.includes(`${files}/`) || line.includes(cluster)),
    cgroups: readCgroupFacts().mounts.flatMap(({ path }) =>
      namesIn(path)
        .filter(isIts)
        .map((name) => join(path, name)),
    ),
    processes: processesWith(`${files}/`),
    files: existsSync(files) ? [files] : [],
  };
}

function processesWith(text: string): readonly string[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => linesOf(`/proc/${pid}/cmdline`).join(' ').replaceAll('\0', ' '))
    .filter((line) => line.includes(text));
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return []; // It is not there on this kernel, or has ended.
  }
}
