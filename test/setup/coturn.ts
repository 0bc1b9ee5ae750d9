/**
 * coturn as tests run it: Debian's newest package, unpacked with all it needs, since the releases before have one that
 * cannot drain. It is built without Prometheus. `node test/setup/coturn.ts` fetches it and makes the image.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { debianMirror } from '../../sfu/worker/debianArchive.ts';
import { keepNewest } from '../../sfu/worker/keepNewest.ts';
import { withMachineLock } from '../../sfu/worker/lock.ts';
import { imageFromFolder } from './buildah.ts';
import { buildCached, cacheDir, stampOf } from './cache.ts';
import { archive, archivedImage, type Image } from './images.ts';
import { ensurePackages } from './packages.ts';
import { type Say, startProgress } from './progress.ts';
import { run } from './run.ts';

/** The version that everything was written and tested against. */
export const coturnVersion = '4.18.0';

const suite = 'sid';
const mirror = debianMirror();

/** coturn with what its package depends on, less what only a machine that boots needs; a shell, as official images have. */
const wanted = ['coturn', 'dash', 'systemd-standalone-sysusers', 'bash', 'coreutils', 'libcap2'];

/** A test of another checkout may be using its own. */
const keptRoots = 3;

/** Folder with a root file system that has `/usr/bin/turnserver`: 20 MB to fetch, kept in the cache. */
export async function ensureCoturn(say: Say): Promise<string> {
  const stamp = await stampOf({ texts: [coturnVersion, mirror, suite, ...wanted] });
  // By its stamp: another checkout may be running one that is made otherwise.
  const name = `coturn-${stamp.slice(0, 8)}`;
  const build = (): ReturnType<typeof buildCached> =>
    buildCached(name, stamp, async (root) => {
      say(`coturn ${coturnVersion}: fetching Debian's package`);
      await fetchInto(root);
      await checkVersion(root);
    });
  const { dir, built } = await withMachineLock('rtc-coturn', build, { timeoutMs: 120_000 });
  if (built) await keepNewest(cacheDir, { isOne: (one) => one.startsWith('coturn-'), count: keptRoots });
  return dir;
}

/** The same as an image; pods name `turnserver` as their command. `COTURN_IMAGE` is the archive of another one. */
export async function coturnImage(say: Say): Promise<Image> {
  const given = process.env['COTURN_IMAGE'];
  if (given !== undefined && given !== '') return imageIn(given);
  const root = await ensureCoturn(say);
  await ensurePackages(['buildah'], say);
  const stamp = await stampOf({ texts: [coturnVersion, mirror], files: [import.meta.filename] });
  const ref = `localhost/rtc-coturn:${coturnVersion}-${stamp.slice(0, 8)}`;
  const { dir } = await buildCached(`images/coturn-${stamp.slice(0, 8)}`, stamp, async (folder) => {
    say(`image ${ref}: building`);
    await imageFromFolder('scratch', root, ref);
    await archive(ref, folder);
  });
  return archivedImage(ref, dir);
}

/** apt with lists and an archive of its own, for which nothing is installed yet. */
async function fetchInto(root: string): Promise<void> {
  const work = `${root}.apt`;
  await rm(work, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(work, folder), { recursive: true });
  await writeFile(join(work, 'status'), '');
  await writeFile(join(work, 'sources.list'), `deb ${mirror} ${suite} main\n`);
  try {
    await apt(work, 'update');
    await apt(work, 'install', '--yes', '--download-only', ...wanted);
    const archives = join(work, 'cache/archives');
    const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
    for (const file of packages) await run('dpkg-deb', ['-x', join(archives, file), root]);
  } catch (cause) {
    throw new Error(movedOn, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const movedOn = [
  `coturn ${coturnVersion} or newer could not be fetched from Debian ${suite} (${mirror}), whose packages change from day to day.`,
  'Set DEBIAN_MIRROR to a mirror, or a snapshot of one, that has it and all it depends on in one state.',
].join(' ');

async function apt(work: string, ...args: readonly string[]): Promise<void> {
  const settings = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': '0',
    // The machine's clock may be behind, and a snapshot's lists are old.
    'Acquire::Check-Valid-Until': 'false',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await run('apt-get', ['-qq', ...options, ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

async function checkVersion(root: string): Promise<void> {
  const { stdout } = await run('chroot', [root, '/usr/bin/turnserver', '--version']);
  const found = stdout.trim();
  if (found < coturnVersion)
    throw new Error(`${movedOn} What it has now is ${found || 'not to be started'}.`);
}

/** Of a docker-archive, as `docker save` writes it. */
async function imageIn(tar: string): Promise<Image> {
  const { stdout } = await run('tar', ['-xOf', tar, 'manifest.json']);
  const [manifest] = JSON.parse(stdout) as readonly { readonly RepoTags: readonly string[] }[];
  const ref = manifest?.RepoTags[0];
  if (ref === undefined) throw new Error(`COTURN_IMAGE: ${tar} has no name in it: docker save NAME:TAG`);
  return { tar, ref, sizeBytes: (await stat(tar)).size };
}

if (import.meta.main) {
  const say = startProgress();
  const { ref, tar } = await coturnImage(say);
  say(`${ref} ${tar}`);
}
