/** The SFU's image once more under another name, as a release that changes nothing: what an update is played with. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildah } from '../../setup/buildah.ts';
import { buildCached } from '../../setup/cache.ts';
import type { Image } from '../../setup/images.ts';

/** Made from `sfu` by one more label; the layers are the same, so a node takes it in seconds. */
export async function nextImage(sfu: Image): Promise<Image> {
  const ref = sfu.ref.replace(/:([^:]+)$/, '-next:$1');
  const { dir } = await buildCached('images/sfu-next', ref, async (folder) => {
    const container = await buildah('from', '--pull-never', sfu.ref);
    try {
      await buildah('config', '--label', 'gr.progressnet.rtc.release=next', container);
      await buildah('commit', '--quiet', container, ref);
      await buildah('push', '--quiet', ref, `docker-archive:${join(folder, 'image.tar')}:${ref}`);
    } finally {
      await buildah('rm', container);
    }
  });
  const tar = join(dir, 'image.tar');
  return { tar, ref, sizeBytes: (await stat(tar)).size };
}
