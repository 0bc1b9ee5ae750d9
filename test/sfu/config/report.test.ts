/** What is told of a configuration: problems, advice, the report. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fields } from '../../../sfu/config/fields.ts';
import { checkReport } from '../../../sfu/config/report.ts';
import { understand } from './understand.ts';

describe('what is wrong is listed at once', () => {
  test('the lifetime of TURN credentials counts only where there is a secret, as in rtcd', () => {
    const toml = '[rtc.turn]\ncredentials_expiration_minutes = 0\n';
    expect(understand(toml).problems).toEqual([]);
    expect(understand(`${toml}static_auth_secret = "s"`).problems).toEqual([
      'rtc.turn.credentials_expiration_minutes: must be 1 to 10079 because rtc.turn.static_auth_secret is set',
    ]);
  });

  test('unknown names with the nearest known one, wrong values with key and variable, broken rules', () => {
    const { config, problems } = understand(
      '[rtc]\nice_port_udpp = 1\nworkers = "two"\n[api.security]\nenable_admin = true\n[htpp]\nport = 1',
      { RTCD_RTC_ICEPORTTCPP: '1', RTCD_RTC_ICEPORTTCP: 'x', RTCD_LOGGER_CONSOLELEVEL: 'LOUD' },
    );
    expect(config).toBeUndefined();
    expect(problems).toEqual([
      'rtc.ice_port_udpp: unknown key, did you mean rtc.ice_port_udp?',
      expect.stringMatching(/^htpp\.port: unknown key, did you mean /),
      'RTCD_RTC_ICEPORTTCP: "x" is not a whole number',
      'RTCD_RTC_ICEPORTTCPP: unknown variable, did you mean RTCD_RTC_ICEPORTTCP?',
      expect.stringContaining('rtc.workers: Invalid input'),
      expect.stringMatching(/^logger\.console_level \(RTCD_LOGGER_CONSOLELEVEL\): /),
    ]);
  });

  test.each([
    ['[api.security]\nenable_admin = true', 'admin_secret_key: needed'],
    ['[api.http.tls]\nenable = true', 'cert_file and cert_key are needed'],
    ['[logger]\nenable_console = false\nenable_file = false', 'enable_console or enable_file must be true'],
    ['[api.http]\nlisten_address = ":8045"', 'port 8045 is also a media port over TCP'],
    ['[api.http]\nlisten_address = "8443"', 'must be HOST:PORT or :PORT'],
    ['[rtc]\nice_port_udp = 79', 'ice_port_udp'],
    ['[rtc]\nice_port_udp = 50000', 'ice_port_udp'],
    ['[rtc]\nice_address_udp = "myhost"', 'myhost is not an IP address'],
    ['[rtc]\nice_host_override = "a b"', 'ice_host_override'],
    ['[rtc]\nice_host_override = "1.2.3.4/x"', 'external and an internal IP'],
    ['[rtc]\nice_host_port_override = "0"', 'ice_host_port_override'],
    ['[rtc]\nice_host_port_override = "10.0.0.1/1,10.0.0.2/1"', 'each of them once'],
    ['[rtc]\nice_servers = [{urls = ["stun:a:1", "turn:a:1"]}]', 'either stun: or turn:'],
    ['[rtc]\nice_servers = ["http://a"]', 'must start with stun:'],
    ['[rtc]\nnack_buffer_size = 100', 'power of two'],
    ['[rtc]\nice_port_udp = 9000\n[RTC]\nICEPortUDP = 9001', 'is set twice'],
    ['[rtc', 'line 1, column'],
    ['constructor = 1', 'constructor: unknown key'],
  ])('%j', (toml, problem) => {
    expect(understand(toml).problems.join('\n')).toContain(problem);
  });

  test('variables that Kubernetes adds for a Service named rtcd are no problem', () => {
    const { problems } = understand('', {
      RTCD_SERVICE_HOST: '10.0.0.1',
      RTCD_SERVICE_PORT: '8443',
      RTCD_SERVICE_PORT_API: '8443',
      RTCD_PORT: 'tcp://10.0.0.1:8443',
      RTCD_PORT_8443_TCP: 'tcp://10.0.0.1:8443',
      RTCD_PORT_8443_TCP_ADDR: '10.0.0.1',
      RTCD_MEDIA_SERVICE_HOST: '10.0.0.2',
    });
    expect(problems).toEqual([]);
  });

  test('any file is understood or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...fields), fc.jsonValue(), (text, field, value) => {
        for (const file of [text, `${field.key} = ${JSON.stringify(value)}`]) {
          const { config, problems } = understand(file);
          expect(config === undefined).toBe(problems.length > 0);
        }
      }),
    );
  });
});

describe('what to know', () => {
  test('ports that differ from stock rtcd, until they are explicit', () => {
    expect(understand('').advice.join('\n')).toContain(
      'rtc.ice_port_udp is 8045 by default; stock rtcd uses 8443',
    );
    expect(understand('[rtc]\nice_port_udp = 8045').advice.join('\n')).not.toContain('rtc.ice_port_udp');
  });

  test('keys without effect, servers that nobody asks, and a door that nobody can open', () => {
    const servers = 'ice_servers = ["stun:a:1", "turn:b:2", "stuns:c:3"]';
    const text = understand(`[rtc]\nnack_buffer_size = 512\n${servers}`).advice.join('\n');
    expect(text).toContain('rtc.nack_buffer_size changes nothing');
    expect(text).toContain('turn:b:2 changes nothing');
    expect(text).toContain('stuns:c:3 is not asked');
    expect(text).not.toContain('stun:a:1');
    expect(text).toContain('only clients that are already in store.data_source can connect');
    const open = understand('[api.security]\nallow_self_registration = true').advice.join('\n');
    expect(open).not.toContain('only clients');
  });
});

describe('the report', () => {
  test.each([
    ['', ['TCP 8443: API, for Mattermost', 'UDP 8045: media', 'TCP 8045: media']],
    [
      '[rtc]\nworkers = 3\nice_port_tcp = 9000',
      ['UDP 8045 to 8047: media', 'TCP 9000 to 9002: media', 'one for each of 3 workers'],
    ],
  ])('names the ports to open of %j', (toml, ports) => {
    const report = checkReport(understand(toml), '');
    for (const text of ports) expect(report).toContain(text);
  });

  test('workers that run out of ports are a problem, with what to change', () => {
    expect(understand('[rtc]\nworkers = 3\nice_port_udp = 49150').problems).toEqual([
      expect.stringContaining('would need media port 49152, and 49151 is the highest'),
    ]);
    expect(understand('[rtc]\nworkers = 2\nice_port_udp = 49150').problems).toEqual([]);
  });

  test('has a line per key with its source, and the verdict last', () => {
    const report = checkReport(understand('[rtc]\nworkers = 2'), 'Configuration file: x');
    for (const { key } of fields) expect(report).toContain(key);
    expect(report).toMatch(/^rtc\.workers +2 +file: rtc\.workers$/m);
    expect(report.trimEnd().split('\n').at(-1)).toBe('The configuration is valid.');
  });

  test('never shows a secret', () => {
    const report = checkReport(
      understand('', {
        RTCD_API_SECURITY_ADMINSECRETKEY: 'very-secret',
        RTCD_RTC_TURNCONFIG_STATICAUTHSECRET: 'very-secret',
        RTCD_RTC_ICESERVERS: '[{"urls":["turn:a:1"],"credential":"very-secret"}]',
      }),
      '',
    );
    expect(report).not.toContain('very-secret');
    expect(report).toContain('(hidden)');
  });
});
