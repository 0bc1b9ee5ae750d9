import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { loadConfig } from '../../sfu/config.ts';
import { portsToOpen } from '../../sfu/config/ports.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');

function understand(lines: readonly string[]): ReturnType<typeof loadConfig> {
  return loadConfig(
    [],
    Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
  );
}

function composeEnvironment(): readonly string[] {
  const text = read('compose.yaml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
  const compose = parseYaml(text) as { services: { rtcd: { environment: string[] } } };
  return compose.services.rtcd.environment;
}

test('every variable of the compose file is known, and a plugin can register', () => {
  const { resolved, config } = understand(composeEnvironment());
  expect([resolved.problems, resolved.notes]).toEqual([[], []]);
  expect(config?.api).toMatchObject({
    http: { listenAddress: '127.0.0.1:8443' },
    security: { allowSelfRegistration: true },
  });
});

test('every variable of the systemd unit is known', () => {
  const unit = read('systemd/rtcd.service');
  const { resolved } = understand([...unit.matchAll(/^Environment=(.*)$/gm)].map(([, line]) => line ?? ''));
  expect(resolved.problems).toEqual([]);
});

/** `ufw allow …` by a stand-in that writes down what it is told: `port/protocol`. */
function openedByUfw(env: Readonly<Record<string, string>>): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-ufw-'));
  try {
    writeFileSync(join(dir, 'ufw'), '#!/bin/sh\necho "$2"\n', { mode: 0o755 });
    const PATH = `${dir}:${process.env['PATH'] ?? ''}`;
    const output = execFileSync('sh', [join(deploy, 'firewall/ufw.sh')], { env: { ...env, PATH } });
    return output.toString().trim().split('\n');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** `UDP 8045 to 8047: media…` as ufw would write it. */
function asUfw(line: string): string {
  const [, protocol = '', first = '', last] = /^(UDP|TCP) (\d+)(?: to (\d+))?:/.exec(line) ?? [];
  return `${last === undefined ? first : `${first}:${last}`}/${protocol.toLowerCase()}`;
}

test.each([1, 3])(
  'with %d workers ufw.sh opens what the configuration needs, and HTTPS for Mattermost',
  (workers) => {
    const { config } = understand([...composeEnvironment(), `RTCD_RTC_WORKERS=${workers}`]);
    const needed = portsToOpen(config!).map(asUfw);
    expect([...openedByUfw({ WORKERS: String(workers) })].sort()).toEqual([...needed, '443/tcp'].sort());
  },
);

test("ufw.sh opens the ports of the owner's guide", () => {
  expect([...openedByUfw({})].sort()).toEqual(['443/tcp', '8045/tcp', '8045/udp', '8443/tcp']);
});
