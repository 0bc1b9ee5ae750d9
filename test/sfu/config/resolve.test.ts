import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../../sfu/config/commandLine.ts';
import { fromEnvironment } from '../../../sfu/config/fromEnvironment.ts';
import { fromFile } from '../../../sfu/config/fromFile.ts';
import { checkReport } from '../../../sfu/config/report.ts';
import { resolve, type Resolved } from '../../../sfu/config/resolve.ts';
import { understand } from './understand.ts';

const originOf = (resolved: Resolved, key: string): unknown =>
  resolved.understood.find(({ field }) => field.key === key)?.origin;

describe('where values come from', () => {
  test('nothing given: our ports, the rest as rtcd', () => {
    const { config, problems } = understand('');
    expect(problems).toEqual([]);
    expect(config?.api.http.listenAddress).toBe(':8443');
    expect(config?.rtc).toMatchObject({ icePortUdp: 8045, icePortTcp: 8045, workers: 1 });
    expect(config?.store.dataSource).toBe('/tmp/rtcd_db');
    expect(config?.api.security.sessionCache.expirationMinutes).toBe(1440);
  });

  test('a variable wins over the file, and the report says so', () => {
    const resolved = understand('[rtc]\nice_port_udp = 9000\nice_port_tcp = 9001', {
      RTCD_RTC_ICEPORTUDP: '9100',
    });
    expect(resolved.config?.rtc).toMatchObject({ icePortUdp: 9100, icePortTcp: 9001 });
    expect(originOf(resolved, 'rtc.ice_port_udp')).toEqual({
      kind: 'environment',
      name: 'RTCD_RTC_ICEPORTUDP',
    });
    expect(originOf(resolved, 'rtc.ice_port_tcp')).toEqual({ kind: 'file', name: 'rtc.ice_port_tcp' });
    expect(originOf(resolved, 'rtc.workers')).toEqual({ kind: 'default' });
  });

  test('an argument wins over both', () => {
    const { given, problems } = readCommandLine(['--drain-timeout', '90']);
    expect(problems).toEqual([]);
    const resolved = resolve({
      file: fromFile('[drain]\ntimeout_seconds = 1'),
      environment: fromEnvironment({ RTCD_DRAIN_TIMEOUTSECONDS: '2' }),
      commandLine: { given, problems, notes: [] },
      hasDataVolume: false,
    });
    expect(resolved.config?.drain.timeoutSeconds).toBe(90);
    expect(checkReport(resolved, '')).toMatch(/drain\.timeout_seconds +90 +argument: --drain-timeout/);
  });

  test('halves of the listen address replace that half only', () => {
    expect(understand('[HTTP]\nServerPort = 9443').config?.api.http.listenAddress).toBe(':9443');
    const mixed = understand('[api.http]\nlisten_address = "10.0.0.1:8045"', {
      RTCD_HTTP_SERVERPORT: '9443',
    });
    expect(mixed.config?.api.http.listenAddress).toBe('10.0.0.1:9443');
  });

  test('beside the canonical key an alias is ignored and named', () => {
    const resolved = understand('', {
      RTCD_API_HTTP_LISTENADDRESS: '127.0.0.1:1234',
      RTCD_HTTP_SERVERPORT: '9443',
    });
    expect(resolved.config?.api.http.listenAddress).toBe('127.0.0.1:1234');
    expect(resolved.notes).toContain(
      'RTCD_HTTP_SERVERPORT is ignored, because RTCD_API_HTTP_LISTENADDRESS is set as well',
    );
  });

  test('a mounted /data keeps the clients by default', () => {
    expect(understand('', {}, true).config?.store.dataSource).toBe('/data');
    expect(understand('', { RTCD_STORE_DATASOURCE: '/x' }, true).config?.store.dataSource).toBe('/x');
  });

  test('an empty variable means "not set" unless it is a text', () => {
    const { config, problems } = understand('', { RTCD_RTC_ICEPORTUDP: '', RTCD_RTC_ICEADDRESSUDP: '' });
    expect(problems).toEqual([]);
    expect(config?.rtc).toMatchObject({ icePortUdp: 8045, iceAddressUdp: '' });
  });
});

describe('spellings', () => {
  test.each([
    [`'[{"urls":["stun:a:1"]}]'`, [{ urls: ['stun:a:1'], username: '', credential: '' }]],
    [`["stun:a:1","stun:b:2"]`, [{ urls: ['stun:a:1', 'stun:b:2'], username: '', credential: '' }]],
    [
      `[{"urls":"turn:a:1","username":"u","credential":"c"}]`,
      [{ urls: ['turn:a:1'], username: 'u', credential: 'c' }],
    ],
    ['[]', []],
  ])('RTCD_RTC_ICESERVERS=%s', (text, servers) => {
    expect(understand('', { RTCD_RTC_ICESERVERS: text }).config?.rtc.iceServers).toEqual(servers);
  });

  test('a list of URLs in the file is one server each', () => {
    const { config } = understand('[rtc]\nice_servers = ["stun:a:1", "turn:b:2"]');
    expect(config?.rtc.iceServers.map(({ urls }) => urls)).toEqual([['stun:a:1'], ['turn:b:2']]);
  });

  test.each(['1', 't', 'TRUE', 'true'])('a true variable may be %s, as in Go', (word) => {
    expect(understand('', { RTCD_LOGGER_CONSOLEJSON: word }).config?.logger.consoleJson).toBe(true);
  });

  test('a port override may be a number in the file', () => {
    expect(understand('[rtc]\nice_host_port_override = 443').config?.rtc.iceHostPortOverride).toBe('443');
  });

  test.each([
    [['--config', 'a'], 'a'],
    [['--config=a'], 'a'],
    [['-config', 'a'], 'a'],
    [['-config=a'], 'a'],
    [[], 'config/config.toml'],
  ])('arguments %j', (args, file) => {
    expect(readCommandLine(args)).toMatchObject({ configFile: file, problems: [] });
  });

  test('unknown arguments and a missing file name are problems', () => {
    expect(readCommandLine(['--cnofig', '--drain-timeout=soon', '--config']).problems).toEqual([
      '--cnofig: unknown argument',
      '--config: needs a file',
      '--drain-timeout: needs a whole number of seconds',
    ]);
  });
});
