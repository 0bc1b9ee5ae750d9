/** The way to the operator takes what is asked and never answers: a port-forward whose other end is gone, an API server's proxy to a lost node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSession, type Session } from '../../../operator/cli/session.ts';
import { rtcclusters } from '../../../operator/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { buildPlugin, type Plugin } from '../../support/kubectlRtc.ts';
import {
  startScriptedServer,
  status,
  type Respond,
  type ScriptedServer,
} from '../../support/scriptedServer.ts';

const metadata = { namespace: 'team', name: 'calls', uid: 'u1', resourceVersion: '1' };
const lease = {
  metadata: { ...metadata, namespace: 'rtc-system', name: 'rtc-operator' },
  spec: { holderIdentity: 'rtc-operator-0_0a1b2c3d', renewTime: new Date().toISOString() },
};

const asked: string[] = [];
let server: ScriptedServer;
let plugin: Plugin;
beforeAll(async () => {
  server = await startScriptedServer({ lists: [respond], watches: [] });
  plugin = await buildPlugin();
}, 60_000);
afterAll(() => Promise.all([server.close(), plugin.remove()]));

/** Knows one RTCCluster and who leads; whoever asks the operator hears nothing. */
const respond: Respond = (response, request) => {
  const path = request.url ?? '';
  asked.push(path);
  const listed = (...items: readonly object[]): void =>
    void response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items }));
  if (path.includes('/proxy/') || path.startsWith('/clusters/')) return;
  if (path.includes('/rtcclusters')) listed({ metadata, spec: {} });
  else if (path.includes('/leases')) listed(lease);
  else if (path.includes('/pods/')) response.end(JSON.stringify({ metadata: { name: 'rtc-operator-0' } }));
  else if (path.includes('/turnservers')) listed();
  else status(404, 'NotFound')(response, request);
};

describe('a session', () => {
  const open = (): Session =>
    openSession({ kubeconfig: server.kubeconfig, output: 'text', operatorName: 'o' });

  test('that is closed waits for no answer, and repeats nothing', async () => {
    const session = open();
    const answer = session.read('/clusters/slow').catch((error: unknown) => String(error));
    await eventually(() => (asked.includes('/clusters/slow') ? undefined : 'the request'));
    await session.close();
    expect(await answer).toContain('get /clusters/slow');
    expect(await answer).not.toContain('no answer within');
    expect(asked.filter((path) => path === '/clusters/slow')).toHaveLength(1);
  });

  test('that is closed asks for nothing more', async () => {
    const session = open();
    await session.close();
    expect(session.ended.aborted).toBe(true);
    await expect(session.all(rtcclusters, { namespace: 'late' })).rejects.toThrow('list rtcclusters');
    expect(asked.filter((path) => path.includes('/namespaces/late/'))).toEqual([]);
  });
});

test('status ends when it has told what it knows, though a port-forward or the proxy of the API server hangs', async () => {
  const words = ['status', '-n', 'team', '--kubeconfig', server.kubeconfig];
  const runs = [[...words, '--operator-url', server.origin], words].map((typed) =>
    typedUntilTold(typed, 'no answer within 5 s'),
  );
  // It waits for five seconds before it tells; the request that hangs has fifteen.
  for (const { toldMs, endedMs } of await Promise.all(runs)) expect(endedMs - toldMs).toBeLessThan(toldMs);
}, 60_000);

/** Milliseconds from its start until the plugin had told `last`, and until it ended. */
async function typedUntilTold(
  words: readonly string[],
  last: string,
): Promise<{ readonly toldMs: number; readonly endedMs: number }> {
  const startedMs = performance.now();
  const child = spawn(plugin.program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [text, toldMs] = ['', Number.NaN];
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (Number.isNaN(toldMs) && text.includes(last)) toldMs = performance.now() - startedMs;
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(50_000) });
  } catch {
    throw new Error(`kubectl rtc ${words.join(' ')} to end; it said: ${text}`);
  } finally {
    child.kill();
  }
  return { toldMs, endedMs: performance.now() - startedMs };
}
