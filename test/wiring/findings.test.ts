import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { type Finding, findings, type Seen } from './findings.ts';
import { askServer } from './server.ts';
import { environmentOf, readEnvFile } from './workload.ts';

const changedMs = 1_000_000;
const binding = {
  name: 'calls-mattermost-env',
  values: {
    MM_CALLS_RTCD_SERVICE_URL: 'http://calls-rtcd:8443',
    MM_CALLS_RTCD_AUTH_KEY: 'secret-key',
    'ca.crt': 'PEM',
  },
  changedMs,
};
const fine: Seen = {
  cluster: 'mattermost/calls',
  ready: { status: 'True', message: 'All is well' },
  binding,
  environment: environmentOf([{ envFrom: [{ secretRef: { name: binding.name } }] }], binding),
  source: 'deployment/mattermost',
  startedMs: [changedMs + 1],
  server: {
    isLicensed: true,
    sku: 'enterprise',
    hasDeveloperAndTesting: false,
    calls: { version: '1.11.2', isRunning: true },
  },
};

/** Everything that is not good. */
const amiss = (change: Partial<Seen>): readonly Finding[] =>
  findings({ ...fine, ...change }).filter(({ verdict }) => verdict !== 'good');

/** The one thing that is wrong, and what to do, in one text. */
function only(change: Partial<Seen>): string {
  const found = amiss(change);
  expect(found).toHaveLength(1);
  return `${found[0]?.verdict ?? ''}: ${found[0]?.what ?? ''}; ${found[0]?.fix ?? ''}`;
}

test('a Mattermost that has everything is told so, line by line', () => {
  expect(findings(fine).map(({ verdict }) => verdict)).toEqual([
    'good',
    'good',
    'good',
    'good',
    'good',
    'good',
  ]);
});

test('no finding has a key in it', () => {
  const environment = {
    MM_CALLS_RTCD_SERVICE_URL: { value: 'x' },
    MM_CALLS_RTCD_AUTH_KEY: { value: 'old-key' },
  };
  expect(JSON.stringify(findings({ ...fine, environment }))).not.toMatch(/secret-key|old-key/);
});

describe('what it was given', () => {
  test('a missing variable is named, with the lines that give it', () => {
    const environment = Object.fromEntries(
      Object.entries(fine.environment ?? {}).filter(([name]) => name !== 'MM_CALLS_RTCD_AUTH_KEY'),
    );
    expect(only({ environment })).toMatch(
      /^bad: deployment\/mattermost has no MM_CALLS_RTCD_AUTH_KEY; .*envFrom/,
    );
  });

  test('a value of its own that differs is wrong, one that is the same is not', () => {
    const own = (value: string): Partial<Seen> => ({
      environment: { ...fine.environment, MM_CALLS_RTCD_AUTH_KEY: { value } },
    });
    expect(amiss(own('secret-key'))).toEqual([]);
    expect(only(own('old-key'))).toContain('another MM_CALLS_RTCD_AUTH_KEY');
  });

  test('a single variable wins over the whole Secret, as in Kubernetes', () => {
    const env = [{ name: 'MM_CALLS_RTCD_AUTH_KEY', value: 'old-key' }];
    const environment = environmentOf([{ env, envFrom: [{ secretRef: { name: binding.name } }] }], binding);
    expect(only({ environment })).toContain('another MM_CALLS_RTCD_AUTH_KEY');
  });

  test('another Secret with the same variables is not taken for ours', () => {
    const key = 'MM_CALLS_RTCD_AUTH_KEY';
    const environment = { ...fine.environment, [key]: { secret: 'other', key } };
    expect(only({ environment })).toContain('of the Secret other');
  });

  test('pods that run since before the Secret changed are to be restarted', () => {
    expect(only({ startedMs: [changedMs - 1, changedMs + 1] })).toMatch(/1 of 2 pods.*rollout restart/);
    expect(only({ startedMs: [] })).toMatch(/^unknown: No pod/);
  });

  test('the environment file of a plain host is read as systemd reads it', () => {
    const text =
      '# calls\nMM_CALLS_RTCD_SERVICE_URL="http://calls-rtcd:8443"\nexport MM_CALLS_RTCD_AUTH_KEY=secret-key\n';
    expect(amiss({ environment: readEnvFile(text) })).toEqual([]);
  });
});

test('without the Secret in its namespace, or the RTCCluster, it is said where to name them', () => {
  expect(findings({ cluster: 'mattermost/calls', source: '' }).map(({ fix }) => fix ?? '')).toEqual(
    expect.arrayContaining([
      expect.stringContaining('--cluster'),
      expect.stringContaining('binding.namespaces'),
    ]),
  );
});

describe('the server, played by a small HTTP server', () => {
  /** What a Mattermost answers to an administrator; `hasToken` false: to a stranger. */
  async function asked(
    answers: Readonly<Record<string, unknown>>,
    token?: string,
  ): Promise<readonly Finding[]> {
    const playedMattermost = createServer((request, response) => {
      const answer = answers[request.url?.split('?')[0] ?? ''];
      const mayNot =
        request.url?.includes('/plugins/') === true && request.headers.authorization !== 'Bearer t';
      response.writeHead(mayNot ? 401 : answer === undefined ? 404 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(answer ?? {}));
    }).listen(0, '127.0.0.1');
    await once(playedMattermost, 'listening');
    const url = `http://127.0.0.1:${(playedMattermost.address() as AddressInfo).port}`;
    try {
      return amiss({ server: await askServer({ url, ...(token !== undefined && { token }) }) });
    } finally {
      playedMattermost.close();
    }
  }
  const config = '/api/v4/config/client';
  const licence = '/api/v4/license/client';
  const statuses = '/api/v4/plugins/statuses';
  const enterprise = { IsLicensed: 'true', SkuShortName: 'enterprise' };
  const running = { plugin_id: 'com.mattermost.calls', state: 2, version: '1.11.2' };

  test('a licensed one with a running plugin is well', async () => {
    const answers = { [config]: {}, [licence]: enterprise, [statuses]: [running] };
    expect(await asked(answers, 't')).toEqual([]);
  });

  test('without a licence the plugin would fall back in silence, unless in developer and testing mode', async () => {
    const answers = { [config]: {}, [licence]: { IsLicensed: 'false' }, [statuses]: [running] };
    expect((await asked(answers, 't'))[0]?.what).toContain('Enterprise licence');
    const testing = { EnableDeveloper: 'true', EnableTesting: 'true' };
    expect(await asked({ ...answers, [config]: testing }, 't')).toEqual([]);
  });

  test('a plugin that runs on one node only, or is too old, is wrong; without a token nobody knows', async () => {
    const base = { [config]: {}, [licence]: enterprise };
    const failed = { ...running, state: 3 };
    expect((await asked({ ...base, [statuses]: [running, failed] }, 't'))[0]?.what).toContain('does not run');
    expect(
      (await asked({ ...base, [statuses]: [{ ...running, version: '0.29.0' }] }, 't'))[0]?.fix,
    ).toContain('1.10');
    expect((await asked(base))[0]?.verdict).toBe('unknown');
  });

  test('a token that is refused is said to be the cause', async () => {
    await expect(asked({ [config]: {}, [licence]: enterprise }, 'wrong')).rejects.toThrow('--token-file');
  });
});
