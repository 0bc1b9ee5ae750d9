/** The previous operator as an image, on the base that ours stand on. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBaseImages } from '../../setup/baseImage.ts';
import { buildah, imageFrom } from '../../setup/buildah.ts';
import { buildCached, stampOf } from '../../setup/cache.ts';
import { archive, archivedImage, type Image } from '../../setup/images.ts';
import { unpackPreviousOperator } from './previous.ts';

const quietly = (): void => undefined;

/** As `Dockerfile.operator` would make it. */
export async function previousOperatorImage(): Promise<Image> {
  const { base } = await ensureBaseImages(quietly);
  const stamp = await stampOf({ texts: [base], files: [join(import.meta.dirname, 'operator.mjs.br')] });
  const ref = `localhost/rtc-operator-previous:${stamp.slice(0, 12)}`;
  const { dir } = await buildCached('images/operator-previous', stamp, async (folder) => {
    const files = await unpackPreviousOperator();
    await imageFrom(base, ref, async (container) => {
      await buildah('add', '--chmod', '0755', container, join(files, 'app'), '/app');
      const entry = JSON.stringify(['/usr/local/bin/node', '/app/main.mjs']);
      await buildah('config', '--user', '65532:65532', '--entrypoint', entry, '--cmd', '', container);
    });
    await archive(ref, folder);
    await rm(files, { recursive: true });
  });
  return archivedImage(ref, dir);
}
