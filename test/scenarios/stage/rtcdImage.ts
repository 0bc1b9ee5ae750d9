/** The real rtcd as an image, as near to `mattermost/rtcd` as it can be had: the reference program of the conformance tests. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { ensureReference } from '../../contract/reference.ts';
import { buildah } from '../../setup/buildah.ts';
import { buildCached } from '../../setup/cache.ts';
import type { Image } from '../../setup/images.ts';
import type { Say } from '../../setup/progress.ts';

/** Built once; the program is static, so there is nothing else in it. */
export async function ensureRtcdImage(say: Say): Promise<Image> {
  const program = await ensureReference(say);
  const stamp = createHash('sha256')
    .update(await readFile(program))
    .digest('hex');
  const ref = `localhost/rtcd-reference:${stamp.slice(0, 12)}`;
  const { dir } = await buildCached('images/rtcd-reference', stamp, async (folder) => {
    const container = await buildah('from', 'scratch');
    try {
      await buildah('copy', '--quiet', container, program, '/opt/rtcd/bin/rtcd');
      const entrypoint = JSON.stringify(['/opt/rtcd/bin/rtcd', 'serve']);
      await buildah('config', '--workingdir', '/opt/rtcd/bin', '--entrypoint', entrypoint, container);
      await buildah('commit', '--quiet', container, ref);
      await buildah('push', '--quiet', ref, `docker-archive:${join(folder, 'image.tar')}:${ref}`);
    } finally {
      await buildah('rm', container);
    }
  });
  const tar = join(dir, 'image.tar');
  return { tar, ref, sizeBytes: (await stat(tar)).size };
}
