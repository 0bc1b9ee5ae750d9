/** Runs an image as a pod would, by runc alone: read-only root, no rights, its own user, this machine's loopback. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { buildah } from '../setup/buildah.ts';
import { run } from '../setup/run.ts';

/** A running container. */
export interface Container {
  /** What it has printed so far, both streams. */
  output(): string;
  /** Resolves with the exit code when it has ended. */
  readonly exited: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends it and leaves nothing behind. */
  remove(): Promise<void>;
}

/** What differs from one run to the next. */
export interface ContainerOptions {
  readonly ref: string;
  /** After the image's entry point. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files to put below `/mnt`, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** As the OCI image specification names them. */
interface ImageConfig {
  readonly User: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
}

/** Starts the image's entry point. Needs root. */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const bundle = await mkdtemp(join(tmpdir(), 'rtc-image-'));
  const id = basename(bundle);
  const working = await buildah('from', '--pull-never', '--name', id, options.ref);
  const root = await buildah('mount', working);
  await mkdir(join(bundle, 'files'));
  for (const [name, content] of Object.entries(options.files ?? {}))
    await writeFile(join(bundle, 'files', name), content);
  const spec = runtimeSpec(await imageConfig(options.ref), options, { root, files: join(bundle, 'files') });
  await writeFile(join(bundle, 'config.json'), JSON.stringify(spec));
  return launch(id, bundle);
}

/** What a registry would show of the image. */
export async function imageConfig(ref: string): Promise<ImageConfig> {
  const text = await buildah('inspect', '--type=image', ref);
  return (JSON.parse(text) as { OCIv1: { config: ImageConfig } }).OCIv1.config;
}

function launch(id: string, bundle: string): Container {
  let output = '';
  const child = spawn('runc', ['run', '--bundle', bundle, id], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const signal = async (name: string): Promise<void> => {
    await run('runc', ['kill', id, name]).catch(() => undefined); // It may have ended by itself.
  };
  return {
    output: () => output,
    exited,
    signal,
    remove: async () => {
      await signal('SIGKILL');
      await exited;
      await buildah('rm', id);
      await rm(bundle, { recursive: true });
    },
  };
}

interface Folders {
  readonly root: string;
  readonly files: string;
}

/** The OCI runtime's configuration: as strict as the pods that the operator makes. */
function runtimeSpec(image: ImageConfig, options: ContainerOptions, folders: Folders): object {
  const [uid, gid] = image.User.split(':').map(Number);
  const env = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: [...image.Entrypoint, ...(options.args ?? [])],
      env: [...image.Env, ...env],
      cwd: '/',
      noNewPrivileges: true,
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
    },
    root: { path: folders.root, readonly: true },
    mounts: mounts(folders.files),
    linux: { namespaces: [{ type: 'pid' }, { type: 'ipc' }, { type: 'uts' }, { type: 'mount' }] },
  };
}

function mounts(files: string): readonly object[] {
  const mount = (destination: string, type: string, options: readonly string[]): object => ({
    destination,
    type,
    source: type,
    options,
  });
  return [
    mount('/proc', 'proc', []),
    mount('/dev', 'tmpfs', ['nosuid', 'mode=755']),
    mount('/tmp', 'tmpfs', ['nosuid', 'nodev', 'mode=1777']),
    { destination: '/mnt', type: 'bind', source: files, options: ['rbind', 'ro'] },
  ];
}
