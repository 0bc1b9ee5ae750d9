import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { loadConfig, type Config } from '../../../sfu/config.ts';

/** The texts of the owner's guide, letter by letter. */
const guide = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'guide', `${name}.txt`), 'utf8');

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rtc-guide-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The file where the unit expects it, but below a directory of the test. */
function fileWith(text: string): string {
  const path = join(dir, 'config.toml');
  writeFileSync(path, text);
  return path;
}

function loadFile(text: string): ReturnType<typeof loadConfig> {
  return loadConfig(['--config', fileWith(text)], {});
}

function expectGuideValues(config: Config | undefined): void {
  expect(config?.api.http.listenAddress).toBe('0.0.0.0:8443');
  expect(config?.rtc.icePortUdp).toBe(8045);
  expect(config?.rtc.icePortTcp).toBe(8045);
  expect(config?.rtc.iceServers).toEqual([
    { urls: ['stun:stun.l.google.com:19302'], username: '', credential: '' },
  ]);
  expect(config?.logger.enableConsole).toBe(true);
  expect(config?.logger.consoleLevel).toBe('info');
}

describe("the three texts of the owner's guide are understood as they are", () => {
  test('compose environment', () => {
    const compose = parseYaml(guide('docker-compose.rtc.yml')) as {
      services: { rtcd: { environment: string[] } };
    };
    const variables = compose.services.rtcd.environment.map((line) => line.split(/=(.*)/s).slice(0, 2));
    const { resolved, config } = loadConfig([], Object.fromEntries(variables) as Record<string, string>);
    expect(resolved.problems).toEqual([]);
    expectGuideValues(config);
    expect(resolved.notes).toEqual([
      'RTCD_HTTP_SERVERADDRESS is read as api.http.listen_address (RTCD_API_HTTP_LISTENADDRESS)',
      'RTCD_HTTP_SERVERPORT is read as api.http.listen_address (RTCD_API_HTTP_LISTENADDRESS)',
    ]);
  });

  test('config.toml, each spelling reported once with its canonical key', () => {
    const { resolved, config } = loadFile(guide('config.toml'));
    expect(resolved.problems).toEqual([]);
    expectGuideValues(config);
    expect(resolved.notes).toEqual([
      'HTTP.ServerAddress is read as api.http.listen_address',
      'HTTP.ServerPort is read as api.http.listen_address',
      'RTC.ICEPortUDP is read as rtc.ice_port_udp',
      'RTC.ICEPortTCP is read as rtc.ice_port_tcp',
      'RTC.ICEServers is read as rtc.ice_servers',
      'Logger.EnableConsole is read as logger.enable_console',
      'Logger.ConsoleLevel is read as logger.console_level',
    ]);
  });

  test('the command of the systemd unit', () => {
    const command = /^ExecStart=(.*)$/m.exec(guide('rtcd.service'))?.[1]?.split(' ') ?? [];
    const path = fileWith(guide('config.toml'));
    const args = command.slice(1).map((arg) => arg.replace('/etc/rtcd/config.toml', path));
    const { commandLine, config } = loadConfig(args, {});
    expect(args).toEqual(['--config', path]);
    expect(commandLine.problems).toEqual([]);
    expectGuideValues(config);
  });

  test('the TURN server, with the advice that it belongs into the plugin', () => {
    const { resolved, config } = loadFile(`
[[RTC.ICEServers]]
URLs = ["turn:prochat.progressnet.gr:3478"]
Username = "your_username"
Credential = "YOUR_SECRET_KEY_HERE"
`);
    expect(config?.rtc.iceServers).toEqual([
      {
        urls: ['turn:prochat.progressnet.gr:3478'],
        username: 'your_username',
        credential: 'YOUR_SECRET_KEY_HERE',
      },
    ]);
    expect(resolved.advice.join('\n')).toContain('clients get their ICE servers from the Calls plugin');
  });

  test('the recommended limits', () => {
    const { config } = loadFile(`
[RTC]
MaxConcurrentSessions = 50  # Adjust based on usage
MaxCallParticipants = 20    # Per call limit
`);
    expect(config?.rtc.maxConcurrentSessions).toBe(50);
    expect(config?.rtc.maxCallParticipants).toBe(20);
  });
});
