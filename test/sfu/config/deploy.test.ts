import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { loadConfig } from '../../../sfu/config.ts';

const read = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../../../deploy', path), 'utf8');

function understand(lines: readonly string[]): ReturnType<typeof loadConfig> {
  return loadConfig(
    [],
    Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
  );
}

test('every variable of the compose file is known, and a plugin can register', () => {
  const text = read('compose.yaml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
  const compose = parseYaml(text) as { services: { rtcd: { environment: string[] } } };
  const { resolved, config } = understand(compose.services.rtcd.environment);
  expect([resolved.problems, resolved.notes]).toEqual([[], []]);
  expect(config?.api).toMatchObject({
    http: { listenAddress: '127.0.0.1:8443' },
    security: { allowSelfRegistration: true },
  });
});

test('every variable of the systemd unit is known, and only the server itself is signalled', () => {
  const unit = read('systemd/rtcd.service');
  const { resolved } = understand([...unit.matchAll(/^Environment=(.*)$/gm)].map(([, line]) => line ?? ''));
  expect(resolved.problems).toEqual([]);
  expect(unit).toMatch(/^KillMode=mixed$/m);
});
