/** Gets ready all that a cluster needs and the machine may not have yet. */
import { ensurePackages } from '../setup/packages.ts';
import type { Say } from '../setup/progress.ts';
import { ensureBinaries, mustBuildBinaries } from './binaries.ts';
import type { Binaries, Needs } from './binaries.ts';
import { ensureBaseImages } from './images/base.ts';
import type { BaseImages } from './images/base.ts';
import { withMachineLock } from '../../sfu/worker/lock.ts';
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

/** A build takes minutes; whoever wants the same at the same time waits for it. */
const buildTimeoutMs = 30 * 60_000;

/** Rejects at once, with all that is missing, when the machine cannot do it. */
export async function prepareMachine(needs: Needs, say: Say): Promise<Prepared> {
  const commands = needs.nodes === 0 ? always : { ...always, ...forNodes };
  const facts = await probeMachine(commands, mustBuildBinaries(needs));
  const missing = missingPrerequisites(facts, needs.nodes);
  if (missing.length > 0) throw new Error(missingText(missing));
  const work = async (): Promise<Prepared> => {
    if (facts.canInstall) await ensurePackages(Object.keys(commands), say);
    const tools = await ensureTools(say);
    const images = needs.nodes === 0 ? undefined : await ensureBaseImages(say);
    return { tools, images, binaries: await ensureBinaries(needs, say) };
  };
  return withMachineLock('rtc-cluster-builds', work, {
    timeoutMs: buildTimeoutMs,
    onWait: () => say('Kubernetes: waiting for another build on this machine'),
  });
}
