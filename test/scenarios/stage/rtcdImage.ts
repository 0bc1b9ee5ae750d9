/** The real rtcd as an image, as near to `mattermost/rtcd` as it can be had: the reference program of the conformance tests. */
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { ensureReference } from '../../contract/reference.ts';
import { buildah, imageFrom } from '../../setup/buildah.ts';
import { buildCached } from '../../setup/cache.ts';
import { archive, archivedImage, type Image } from '../../setup/images.ts';
import type { Say } from '../../setup/progress.ts';

/** Built once; the program is static, so there is nothing else in it. */
export async function ensureRtcdImage(say: Say): Promise<Image> {
  const program = await ensureReference(say);
  const stamp = createHash('sha256')
    .update(await readFile(program))
    .digest('hex');
  const ref = `localhost/rtcd-reference:${stamp.slice(0, 12)}`;
  const { dir } = await buildCached('images/rtcd-reference', stamp, async (folder) => {
    await imageFrom('scratch', ref, async (container) => {
      await buildah('copy', '--quiet', container, program, '/opt/rtcd/bin/rtcd');
      const entrypoint = JSON.stringify(['/opt/rtcd/bin/rtcd', 'serve']);
      await buildah('config', '--workingdir', '/opt/rtcd/bin', '--entrypoint', entrypoint, container);
    });
    await archive(ref, folder);
  });
  return archivedImage(ref, dir);
}
