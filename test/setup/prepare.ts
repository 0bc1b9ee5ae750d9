/**
 * Everything that `make demo` and `make test` need on a fresh Debian 12, built
 * once. What waits for the network runs beside what waits for the processor.
 */
import { join } from 'node:path';

import { browserPackages } from '../../demo/browser/chromium.ts';
import { firefoxPackages } from '../sfu/call/firefox.ts';
import { turnPackages } from '../sfu/call/turnServer.ts';
import { ensureSpeech, speechPackages } from '../../demo/speech/speech.ts';
import { ensureWorker } from '../../sfu/worker/ensure.ts';
import { mustBuildBinaries } from '../cluster/binaries.ts';
import { prepareMachine } from '../cluster/prepare.ts';
import { missingPrerequisites, missingText } from '../cluster/prerequisites.ts';
import { probeMachine } from '../cluster/probe.ts';
import { ensureTools } from '../cluster/tools.ts';
import { ensureReference } from '../contract/reference.ts';
import { relayPackages } from '../contract/relay.ts';
import { ensureBaseImages } from './baseImage.ts';
import { buildImages, imagePackages } from './images.ts';
import { coturnImage } from './coturn.ts';
import { ensureUnpacked } from './debianProgram.ts';
import { ensurePackages } from './packages.ts';
import { ensurePrometheusCrds } from './prometheusCrds.ts';
import { type Say, startProgress } from './progress.ts';
import { run } from './run.ts';

/** The biggest cluster that demo and tests start. */
const cluster = { nodes: 3, dns: true } as const;
/** The demo's ends of a call: browsers and what they say. */
const callPackages = [
  ...browserPackages,
  ...firefoxPackages,
  ...turnPackages,
  'fonts-dejavu-core',
  'unzip',
  ...speechPackages,
];

/** What stands around the SFU where there is no Kubernetes, for the tests of `deploy/`. */
const deployPackages = ['podman', 'docker-compose', 'systemd', 'nftables'];

/** Resolves when all is there; a second run takes a second. Rejects at once with everything that the machine lacks. */
export async function prepare(say: Say): Promise<void> {
  say('set-up: started');
  await (process.env['CLUSTER'] === 'current' ? prepareEnds(say) : prepareAll(say));
  say('set-up: done');
}

/** As `prepare`, and what only tests use: the real rtcd to compare with, and a TURN relay. */
export async function prepareTests(say: Say): Promise<void> {
  await prepare(say);
  await ensurePackages(relayPackages, say);
  await ensureReference(say);
}

/** The cluster is somebody else's, and so are the images in it. */
async function prepareEnds(say: Say): Promise<void> {
  await ensurePackages(callPackages, say);
  await ensureTools(say);
  await ensureSpeech({ say });
}

async function prepareAll(say: Say): Promise<void> {
  await requireMachine();
  const modules = downloadModules();
  await ensurePackages([...imagePackages, ...callPackages, ...deployPackages], say);
  // Compilers take every core, so one after the other; Debian for the images comes over the network meanwhile.
  await Promise.all([
    ensureBase(say),
    ensureWorker({ say })
      .then(() => modules)
      .then(() => prepareMachine(cluster, say)),
  ]);
  await ensureSpeech({ say });
  await ensureUnpacked('nginx', say);
  await ensureUnpacked('prometheus', say);
  await ensurePrometheusCrds(say);
  await buildImages({ say });
  await coturnImage(say);
}

/** What no package can mend is said before minutes are spent. */
async function requireMachine(): Promise<void> {
  const facts = await probeMachine({ iproute2: ['ip'] }, mustBuildBinaries(cluster));
  const missing = missingPrerequisites(facts, cluster.nodes);
  if (missing.length > 0) throw new Error(missingText(missing));
}

/** The cluster's Go modules, ahead of their build; a failure is the build's to tell. */
async function downloadModules(): Promise<void> {
  if (!mustBuildBinaries(cluster)) return;
  const cwd = join(import.meta.dirname, '../cluster/binaries');
  await run('go', ['mod', 'download'], { cwd }).catch(() => undefined);
}

async function ensureBase(say: Say): Promise<void> {
  if ((process.env['BASE_IMAGE'] ?? '') === '') await ensureBaseImages(say);
}

if (import.meta.main) {
  await prepare(startProgress()).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
