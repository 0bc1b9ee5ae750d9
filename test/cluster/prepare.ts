/** Gets ready all that a cluster needs and the machine may not have yet. */
import { ensurePackages } from '../setup/packages.ts';
import type { Say } from '../setup/progress.ts';
import { ensureBinaries, mustBuildBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { ensureBaseImages } from './images/base.ts';
import type { BaseImages } from './images/base.ts';
import { missingPrerequisites, missingText } from './prerequisites.ts';
import { probeMachine } from './probe.ts';
import type { CommandsByPackage } from './probe.ts';
import { ensureTools } from './tools.ts';
import type { Tools } from './tools.ts';

const always: CommandsByPackage = {
  iproute2: ['ip'],
  'util-linux': ['nsenter', 'unshare'],
  unzip: ['unzip'],
};
const forNodes: CommandsByPackage = {
  containerd: ['containerd', 'ctr'],
  runc: ['runc'],
  'containernetworking-plugins': [],
  nftables: ['nft'],
  iptables: ['iptables'],
  'busybox-static': ['busybox'],
  gcc: ['gcc'],
  'libc6-dev': [],
};

/** What is ready then. */
export interface Prepared {
  readonly binaries: Binaries;
  readonly tools: Tools;
  /** Undefined without nodes. */
  readonly images: BaseImages | undefined;
}

/** Rejects at once, with all that is missing, when the machine cannot do it. */
export async function prepareMachine(nodes: number, say: Say): Promise<Prepared> {
  const commands = nodes === 0 ? always : { ...always, ...forNodes };
  const facts = await probeMachine(commands, mustBuildBinaries(nodes));
  const missing = missingPrerequisites(facts, nodes);
  if (missing.length > 0) throw new Error(missingText(missing));
  if (facts.canInstall) await ensurePackages(Object.keys(commands), say);
  const tools = await ensureTools(say);
  const images = nodes === 0 ? undefined : await ensureBaseImages(say);
  return { tools, images, binaries: await ensureBinaries(nodes, say) };
}
