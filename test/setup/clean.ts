/** `make clean`: ends clusters whose owner is gone, removes what was built. node_modules stays. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { sweep } from '../cluster/slots.ts';
import { buildah, storeFolder } from './buildah.ts';
import { cacheDir } from './cache.ts';
import { startProgress } from './progress.ts';

const root = join(import.meta.dirname, '../..');
const say = startProgress();

const clusters = await sweep();
say(`clusters without an owner: ${clusters.length} ended`);
if (existsSync(storeFolder)) {
  // Not by rm alone: a container that was left mounted would be emptied from within.
  await buildah('rm', '--all');
  await buildah('rmi', '--all', '--force');
}
for (const folder of [cacheDir, join(root, 'dist'), join(root, 'coverage')]) {
  await rm(folder, { recursive: true, force: true });
  say(`${folder}: removed`);
}
