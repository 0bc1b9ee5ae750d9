/** The SFU's image once more under another name, as a release that changes nothing: what an update is played with. */
import { buildah, imageFrom } from '../../setup/buildah.ts';
import { buildCached } from '../../setup/cache.ts';
import { archive, archivedImage, type Image } from '../../setup/images.ts';

/** Made from `sfu` by one more label; the layers are the same, so a node takes it in seconds. */
export async function nextImage(sfu: Image): Promise<Image> {
  const ref = sfu.ref.replace(/:([^:]+)$/, '-next:$1');
  const { dir } = await buildCached('images/sfu-next', ref, async (folder) => {
    await imageFrom(sfu.ref, ref, async (container) => {
      await buildah('config', '--label', 'gr.progressnet.rtc.release=next', container);
    });
    await archive(ref, folder);
  });
  return archivedImage(ref, dir);
}
