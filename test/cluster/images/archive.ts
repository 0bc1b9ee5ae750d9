/** PURE: an image of one layer as `docker save` writes it; containerd and buildah read it. */
import { createHash } from 'node:crypto';
import { tar } from './tar.ts';
import type { TarEntry } from './tar.ts';

/** What an image holds. */
export interface ImageParts {
  /** e.g. localhost/pause:1 */
  readonly reference: string;
  readonly entries: readonly TarEntry[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** As the OCI names it: amd64, arm64. */
  readonly architecture: string;
}

/** The archive. */
export function imageArchive({ reference, entries, entrypoint, command, architecture }: ImageParts): Buffer {
  const layer = tar(entries);
  const layerName = `${sha256(layer)}/layer.tar`;
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: { Env: ['PATH=/bin'], WorkingDir: '/', Entrypoint: entrypoint, Cmd: command },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    }),
  );
  const configName = `${sha256(config)}.json`;
  const manifest = [{ Config: configName, RepoTags: [reference], Layers: [layerName] }];
  return tar([
    { path: configName, kind: 'file', content: config },
    { path: layerName, kind: 'file', content: layer },
    { path: 'manifest.json', kind: 'file', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
