/**
 * The shipped compose file by Docker Compose on Podman's Docker socket, with an
 * image store of its own: what `docker compose` does where there is no Docker.
 * Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensurePackages } from '../setup/packages.ts';
import { run } from '../setup/run.ts';
import { eventually } from '../support/eventually.ts';

/** A folder with the compose file in it, and an engine to run it. */
export interface Project {
  /** Resolves with what it printed. */
  compose(...args: readonly string[]): Promise<string>;
  podman(...args: readonly string[]): Promise<string>;
  /** Ends the engine and whatever still runs; removes all. */
  remove(): Promise<void>;
}

/** An image as an archive, and what its reference is. */
interface Archive {
  readonly tar: string;
  readonly ref: string;
}

const shipped = join(import.meta.dirname, '../../deploy/compose.yaml');

/** `env` is merged into the service's environment as an override file would. */
export async function createProject(image: Archive, env: Readonly<Record<string, string>>): Promise<Project> {
  await ensurePackages(['podman', 'docker-compose', 'runc'], () => undefined);
  const dir = await mkdtemp(join(tmpdir(), 'rtc-compose-'));
  copyFileSync(shipped, join(dir, 'compose.yaml'));
  writeFileSync(
    join(dir, 'compose.override.yaml'),
    JSON.stringify({ services: { rtcd: { environment: env } } }),
  );
  // As its comment says: mkdir -p rtcd_data && chown 65532 rtcd_data
  await mkdir(join(dir, 'rtcd_data'));
  await chown(join(dir, 'rtcd_data'), 65_532, -1);
  const settings = { ...engineSettings(dir), RTC_SFU_IMAGE: image.ref };
  const podman = async (...args: readonly string[]): Promise<string> =>
    (await run('podman', args, { env: settings })).stdout.trim();
  await podman('load', '--quiet', '--input', image.tar);
  const socket = join(dir, 'podman.sock');
  const engine = spawn('podman', ['system', 'service', '--time=0', `unix://${socket}`], {
    env: { ...process.env, ...settings },
    stdio: 'ignore',
  });
  await eventually(() => (existsSync(socket) ? undefined : 'the socket of podman'));
  return {
    podman,
    compose: async (...args) => {
      const composeEnv = { ...settings, DOCKER_HOST: `unix://${socket}` };
      const { stdout, stderr } = await run('docker-compose', args, { cwd: dir, env: composeEnv });
      return stdout + stderr;
    },
    remove: async () => {
      await podman('rm', '--all', '--force', '--time=0');
      await end(engine);
      await podman('rmi', '--all', '--force');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A store and an engine of our own; the machine may forbid to raise limits, and have cgroups of both kinds. */
function engineSettings(dir: string): Readonly<Record<string, string>> {
  const files = { containers: join(dir, 'containers.conf'), storage: join(dir, 'storage.conf') };
  const containers = [
    '[containers]',
    'default_ulimits = ["nofile=20000:20000", "nproc=10000:10000"]',
    'log_driver = "k8s-file"',
    '[engine]',
    'runtime = "runc"',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    `tmp_dir = "${dir}/tmp"`,
  ];
  const storage = ['[storage]', 'driver = "overlay"', `graphroot = "${dir}/store"`, `runroot = "${dir}/run"`];
  writeFileSync(files.containers, `${containers.join('\n')}\n`);
  writeFileSync(files.storage, `${storage.join('\n')}\n`);
  return { CONTAINERS_CONF: files.containers, CONTAINERS_STORAGE_CONF: files.storage };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}
