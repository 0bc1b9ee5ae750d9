/** Blocks of the documentation that no stage can run: what they say is what the files beside them say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { bindingKeys } from '../../operator/desired/names.ts';
import { turnVariableNames } from '../../operator/turn/iceServers.ts';
import { allPages, root } from './harness/pages.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const blockWith = (path: string, words: string): string =>
  allPages.find((page) => page.path === path)?.blocks.find(({ text }) => text.includes(words))?.text ?? '';

describe('the way to the systemd unit', () => {
  const told = blockWith('deploy/README.md', 'systemctl enable --now rtcd');
  const unit = read('deploy/systemd/rtcd.service');
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  test('checks out where the unit looks, as the user that it runs as', () => {
    const folder = value('WorkingDirectory');
    expect(folder).toMatch(/^\/usr\/local\/lib\//);
    expect(told).toContain(` ${folder} && cd ${folder}\n`);
    expect(told).toContain(`useradd --system ${value('User')} `);
    expect(told).toContain(`-g ${value('User')} sfu/config.sample.toml`);
  });

  test('builds the media worker that the unit starts, and puts the configuration where it is read', () => {
    const worker = /MEDIASOUP_WORKER_BIN=(\S+)/.exec(unit)?.[1] ?? '';
    const folder = worker.slice(`${value('WorkingDirectory')}/`.length, worker.lastIndexOf('/'));
    expect(told).toMatch(new RegExp(`sfu/worker/main.ts ${folder} `));
    const config = /--config (\S+)/.exec(value('ExecStart'))?.[1] ?? '';
    expect(config).toMatch(/^\/etc\//);
    expect(told).toContain(` ${config} `);
    expect(value('ExecStartPre')).toContain(`--check-config --config ${config}`);
  });

  test('copies a unit of the name that it enables', () => {
    expect(told).toContain('cp deploy/systemd/rtcd.service /etc/systemd/system/');
  });
});

describe('the way to the compose file', () => {
  const told = blockWith('deploy/README.md', 'docker compose up');
  const { services } = parse(read('deploy/compose.yaml')) as {
    services: object;
  };
  const text = JSON.stringify(services);

  test('makes the folder that the file mounts, for the user of the image', () => {
    const folder = /\.\/(\w+):\/data/.exec(text)?.[1] ?? '';
    const user = /^USER (\d+)/m.exec(read('Dockerfile.sfu'))?.[1] ?? '';
    expect(told).toContain(`mkdir -p ${folder} && chown ${user} ${folder}`);
  });

  test('sets a variable that the file reads', () => {
    const variable = /^(\w+)=\S+ docker compose up/m.exec(told)?.[1] ?? '';
    expect(text).toContain(`\${${variable}`);
  });
});

describe('the variables for the operator of Mattermost', () => {
  interface Variable {
    readonly name: string;
    readonly valueFrom: { readonly secretKeyRef: { name: string; key: string; optional?: boolean } };
  }
  const { spec } = parse(blockWith('docs/wiring.md', 'installation.mattermost.com')) as {
    spec: { mattermostEnv: readonly Variable[] };
  };
  const refs = spec.mattermostEnv.map(({ name, valueFrom: { secretKeyRef } }) => ({
    variable: name,
    ...secretKeyRef,
  }));
  const variables = refs.map(({ variable }) => variable);

  test('are each the key of its own name of the binding', () => {
    expect(refs.map(({ key }) => key)).toEqual(variables);
    expect([...new Set(refs.map(({ name }) => name))]).toEqual(['calls-mattermost-env']);
  });

  test('are all that a binding may have; those of TURN may be missing', () => {
    const always = ['MM_CALLS_RTCD_SERVICE_URL', ...Object.values(bindingKeys)];
    expect(variables.toSorted()).toEqual([...always, ...turnVariableNames].toSorted());
    const optional = refs.filter((ref) => ref.optional === true).map(({ variable }) => variable);
    expect(optional.toSorted()).toEqual([...turnVariableNames].toSorted());
  });
});
