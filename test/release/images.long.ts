/** The images of a release, built twice from nothing: the same bytes, and labels that say where they come from. */
import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildImages, type Images, type ReleaseOf } from '../setup/images.ts';
import { run } from '../setup/run.ts';

const release: ReleaseOf = {
  revision: '0123456789abcdef0123456789abcdef01234567',
  epochS: 1_764_547_200,
  source: 'https://git.example.org/rtc',
};
const say = (): void => undefined;
const names = ['operator', 'sfu'] as const;

/** SHA-256 of each archive. */
async function sums(images: Images): Promise<readonly string[]> {
  return Promise.all(
    names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(images[name].tar))
        .digest('hex'),
    ),
  );
}

interface Config {
  readonly created: string;
  readonly config: { readonly Labels: Readonly<Record<string, string>> };
}

/** What an archive says of its image. */
async function configIn(tar: string): Promise<Config> {
  const read = async (path: string): Promise<string> => (await run('tar', ['-xOf', tar, path])).stdout;
  const [manifest] = JSON.parse(await read('manifest.json')) as readonly { readonly Config: string }[];
  return JSON.parse(await read(manifest?.Config ?? '')) as Config;
}

async function forget(images: Images): Promise<void> {
  for (const name of names) await rm(dirname(images[name].tar), { recursive: true });
}

test('are the same bytes each time, as old as the commit, and say what they are of', async () => {
  const first = await buildImages({ say, release });
  const one = await sums(first);
  await forget(first);
  const second = await buildImages({ say, release });
  expect(await sums(second)).toEqual(one);
  for (const name of names) {
    const { created, config } = await configIn(second[name].tar);
    expect(Date.parse(created)).toBe(release.epochS * 1000);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': `rtc-${name}`,
      'org.opencontainers.image.revision': release.revision,
      'org.opencontainers.image.source': release.source,
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  }
  await forget(second);
}, 1_800_000);
