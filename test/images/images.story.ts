/** The images as a node would run them: read-only root, no capabilities, user 65532. */
import { existsSync, statSync } from 'node:fs';

import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { buildah } from '../setup/buildah.ts';
import { buildImages, type Images } from '../setup/images.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';
import { type Container, type ContainerOptions, imageConfig, startContainer } from './container.ts';

let images: Images;
const running: Container[] = [];

beforeAll(async () => {
  images = await buildImages({ say: () => undefined });
}, 900_000);

afterEach(async () => {
  for (const container of running.splice(0)) await container.remove();
});

async function start(options: ContainerOptions): Promise<Container> {
  const container = await startContainer(options);
  running.push(container);
  return container;
}

describe('the SFU image', () => {
  test('serves rtcd’s API and ends by itself on SIGTERM', async () => {
    const port = await freePort();
    const container = await start({ ref: images.sfu.ref, env: await sfuSettings(port) });

    await eventually(async () => {
      const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
      return status === 200 ? undefined : `${status}\n${container.output()}`;
    });
    const version = (await (await fetch(`http://127.0.0.1:${port}/version`)).json()) as Record<
      string,
      string
    >;
    expect(version['buildVersion']).toMatch(/^v?1\.2\.\d+/);

    await container.signal('SIGTERM');
    expect(await container.exited).toBe(0);
  });

  test('names a setting that it does not know, and exits', async () => {
    const container = await start({
      ref: images.sfu.ref,
      args: ['--config', '/mnt/config.toml'],
      files: { 'config.toml': '[rtc]\nice_port_upd = 8045\n' },
    });
    expect(await container.exited).not.toBe(0);
    expect(container.output()).toContain('ice_port_upd');
  });
});

describe('the operator image', () => {
  test('names the setting that is missing, and exits', async () => {
    const container = await start({ ref: images.operator.ref });
    expect(await container.exited).not.toBe(0);
    expect(container.output()).toContain('--sfu-image');
  });
});

describe.each(['operator', 'sfu'] as const)('what a registry shows of the %s image', (name) => {
  test('it runs as nobody in particular and stops on SIGTERM', async () => {
    const config = await imageConfig(images[name].ref);
    expect(config).toMatchObject({ User: '65532:65532', StopSignal: 'SIGTERM' });
    expect(config.Labels?.['org.opencontainers.image.licenses']).toBe('Apache-2.0');
  });

  test('nothing in it is a build tool, a secret or of the machine that built it', async () => {
    const container = await buildah('from', '--pull-never', '--name', `look-into-${name}`, images[name].ref);
    try {
      const root = await buildah('mount', container);
      expect(unexpectedFiles(root)).toEqual([]);
    } finally {
      await buildah('rm', container);
    }
  });

  test('is built once: asking again gives the same', async () => {
    expect(await buildImages({ say: (line) => expect(line).toBe('nothing to say') })).toEqual(images);
  });
});

/** None of these may be in a final stage. */
const unwanted = [
  ...['usr/bin/gcc', 'usr/bin/g++', 'usr/bin/make', 'usr/bin/ninja', 'usr/local/bin/npm', 'usr/bin/npm'],
  ...['src', 'tools', 'root/.npmrc', 'run/secrets/npmrc', 'run/secrets/ca-bundle', 'tmp/packages'],
  ...['etc/ssl/certs/ca-certificates.crt', 'etc/resolv.conf', 'etc/hostname', 'etc/machine-id'],
];

function unexpectedFiles(root: string): readonly string[] {
  return unwanted.filter((path) => existsSync(`${root}/${path}`) && statSync(`${root}/${path}`).size > 0);
}

async function sfuSettings(port: number): Promise<Record<string, string>> {
  const media = String(await freePort());
  return {
    RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}`,
    RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
    RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
    RTCD_RTC_ICEPORTUDP: media,
    RTCD_RTC_ICEPORTTCP: media,
    RTCD_STORE_DATASOURCE: '/tmp/clients',
    RTCD_LOGGER_ENABLEFILE: 'false',
  };
}
