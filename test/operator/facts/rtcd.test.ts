import { describe, expect, test } from '@jest/globals';
import { rtcdAnswer } from '../../../operator/facts/rtcd.ts';
import { createRtcdRegistrar, type Post } from '../../../operator/facts/rtcdClients.ts';

const version = '{"buildDate":"","buildVersion":"v1.2.6","buildHash":"","goVersion":""}';
const idle = 'rtcd_process_open_fds 12\n';

describe('a stock rtcd', () => {
  test('has the sessions of all its clients', () => {
    const busy = `${idle}rtcd_rtc_sessions_total{groupID="a"} 3\nrtcd_rtc_sessions_total{groupID="b"} 4\n`;
    expect(rtcdAnswer(version, busy)).toEqual({
      answered: true,
      version: 'v1.2.6',
      sessions: 7,
      load: 0,
      isDraining: false,
    });
  });

  test('has none before its first one, although the metric is not there yet', () => {
    expect(rtcdAnswer(version, idle)).toMatchObject({ sessions: 0 });
  });

  test.each([
    ['metrics of something else', 'http_requests 1\n', /no metrics of rtcd/],
    [
      'a number of sessions that cannot be',
      `${idle}rtcd_rtc_sessions_total{groupID="a"} NaN\n`,
      /adds up to NaN/,
    ],
    ['less than no session', `${idle}rtcd_rtc_sessions_total{groupID="a"} -1\n`, /adds up to -1/],
  ])('is not believed with %s', (_, metrics, reason) => {
    expect(() => rtcdAnswer(version, metrics)).toThrow(reason);
  });
});

/** An rtcd that knows these keys by client. */
function rtcd(known: Record<string, string>): { post: Post; asked: string[] } {
  const asked: string[] = [];
  const routes: Record<string, (clientID: string, authKey: string) => number> = {
    '/login': (clientID, authKey) => (known[clientID] === authKey ? 200 : 400),
    '/unregister': (clientID) => (Reflect.deleteProperty(known, clientID) ? 200 : 400),
    '/register': (clientID, authKey) => {
      if (clientID in known || authKey.length < 4) return 400;
      known[clientID] = authKey;
      return 201;
    },
  };
  const post: Post = (path, body) => {
    asked.push(path);
    const { clientID, authKey } = body as { clientID: string; authKey: string };
    return Promise.resolve(routes[path]?.(clientID, authKey) ?? 404);
  };
  return { post, asked };
}

describe('the clients of a cluster', () => {
  const clients = [{ clientID: 'mattermost', authKey: 'secret' }];

  test('are registered once on each pod', async () => {
    const registrar = createRtcdRegistrar();
    const { post, asked } = rtcd({});
    await registrar.admit({ uid: 'one', clients }, post);
    await registrar.admit({ uid: 'one', clients }, post);
    expect(asked).toEqual(['/login', '/unregister', '/register']);
    await registrar.admit({ uid: 'two', clients }, post);
    expect(asked).toHaveLength(4);
  });

  test('are left alone where they are known, as after a restart of the operator', async () => {
    const { post, asked } = rtcd({ mattermost: 'secret' });
    await createRtcdRegistrar().admit({ uid: 'one', clients }, post);
    expect(asked).toEqual(['/login']);
  });

  test('are registered again when their key changes', async () => {
    const known: Record<string, string> = {};
    const registrar = createRtcdRegistrar();
    const { post } = rtcd(known);
    await registrar.admit({ uid: 'one', clients }, post);
    await registrar.admit({ uid: 'one', clients: [{ clientID: 'mattermost', authKey: 'newer' }] }, post);
    expect(known).toEqual({ mattermost: 'newer' });
  });

  test('are named when rtcd refuses them, and are tried again', async () => {
    const registrar = createRtcdRegistrar();
    const weak = [{ clientID: 'mattermost', authKey: 'abc' }];
    const { post, asked } = rtcd({});
    const refused = /client mattermost cannot be registered: POST \/register answered 400/;
    await expect(registrar.admit({ uid: 'one', clients: weak }, post)).rejects.toThrow(refused);
    await expect(registrar.admit({ uid: 'one', clients: weak }, post)).rejects.toThrow(refused);
    expect(asked).toHaveLength(6);
  });
});
