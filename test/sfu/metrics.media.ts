import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import { cleanup } from 'node-datachannel';
import { sfuDashboard } from '../../charts/monitoring/dashboards/sfu.ts';
import { panelsOf } from '../../charts/monitoring/definition.ts';
import { asked, windows } from '../charts/monitoring/asked.ts';
import { eventually } from '../support/eventually.ts';
import { Peer } from './call/peer.ts';
import { connectPlugin, type Plugin } from './plugin.ts';
import { startSfu, type SfuProcess } from './process.ts';
import { lintMetrics, startPrometheus, type Prometheus } from './prometheus.ts';

let sfu: SfuProcess;
let prometheus: Prometheus;
let plugin: Plugin;
/** What was started, also when not everything could be. */
const closers: (() => unknown)[] = [];

async function started<T>(thing: Promise<T>, close: (thing: T) => unknown): Promise<T> {
  const there = await thing;
  closers.push(() => close(there));
  return there;
}

function every(intervalMs: number, what: () => void): void {
  const timer = setInterval(what, intervalMs);
  closers.push(() => clearInterval(timer));
}

async function enter(sessionID: string): Promise<Peer> {
  const peer = new Peer(plugin.join('call', sessionID));
  closers.push(() => peer.close());
  await eventually(() => (peer.channel.isOpen() ? undefined : `the data channel of ${sessionID}`));
  return peer;
}

async function lock(peer: Peer): Promise<void> {
  await eventually(() => {
    if (peer.messages.includes('07c3')) return undefined;
    peer.say('07');
    return 'the lock';
  });
}

/** What clients report of their path: loss, round trip, jitter (wire spec 4.2). */
function report(peer: Peer): void {
  for (const type of [4, 5, 6]) peer.say(Buffer.concat([encode(type), encode(0.01)]).toString('hex'));
}

/** Ann and Bob talk; Bob holds his lock for a while, so that the server waits; one message makes no sense. */
beforeAll(async () => {
  sfu = await started(startSfu(), (server) => server.stop());
  prometheus = await started(startPrometheus(sfu.url), (server) => server.stop());
  plugin = await started(connectPlugin(sfu.url), ({ socket }) => socket.terminate());
  const ann = await enter('ann');
  const bob = await enter('bob');
  await lock(bob);
  await lock(ann);
  ann.addVoice();
  plugin.send('rtc', { session_id: 'bob', type: 2, data: Buffer.from('no json') });
  plugin.send('reconnect', { sessionID: 'bob' });
  every(20, () => ann.speak(Buffer.alloc(80, 1)));
  every(500, () => report(ann));
  await eventually(() => (ann.plugin.received.length > 2 ? undefined : 'the answer to the microphone'));
  ann.say('08');
  bob.say('08');
  await eventually(() => (bob.packets.length > 50 ? undefined : `${bob.packets.length} packets at Bob`));
}, 60_000);

afterAll(async () => {
  for (const close of closers.reverse()) await close();
  cleanup();
});

/** `$instance` and `$__rate_interval` as Grafana would fill them in. */
const filled = (expression: string): string =>
  expression.replaceAll('$i', 'instance=~"127.0.0.1:.*"').replaceAll('$r', '10s');

const ofHistogram = (name: string): string[] => [
  `sum(rate(${name}_sum{$i}[$r])) / sum(rate(${name}_count{$i}[$r]))`,
  `histogram_quantile(0.99, sum by (le) (rate(${name}_bucket{$i}[$r])))`,
];

/** Everything that Grafana's dashboard 23225 asks of rtcd (wire spec 8). */
const dashboard = [
  'rate(rtcd_process_cpu_seconds_total{$i}[$r])',
  'go_memstats_heap_inuse_bytes{$i}',
  'go_memstats_stack_inuse_bytes{$i}',
  'go_goroutines{$i}',
  'sum by (instance) (rtcd_ws_connections_total{$i})',
  'sum by (type, instance) (rate(rtcd_ws_messages_total{$i}[$r]))',
  'sum by (instance) (rtcd_rtc_sessions_total{$i})',
  'sum by (type, instance) (rtcd_rtc_errors_total{$i})',
  'sum by (instance, direction, type) (rtcd_rtc_rtp_tracks_total{$i})',
  'sum by (type) (rate(rtcd_rtc_conn_states_total{$i}[$r]))',
  ...ofHistogram('rtcd_rtc_rtp_tracks_writes_time'),
  ...ofHistogram('rtcd_rtc_connection_time'),
  ...ofHistogram('rtcd_rtc_signaling_lock_grab_time'),
  ...ofHistogram('rtcd_rtc_signaling_lock_locked_time'),
  ...ofHistogram('rtcd_rtc_client_rtt'),
  ...ofHistogram('rtcd_rtc_client_jitter'),
  ...ofHistogram('rtcd_rtc_client_loss_rate'),
];

describe("the queries of rtcd's public dashboard, asked of a real Prometheus while a call is on", () => {
  test.each(dashboard)('%s', async (expression) => {
    await eventually(async () => {
      const samples = await prometheus.query(filled(expression));
      return samples.length > 0 ? undefined : `data for ${filled(expression)}`;
    });
  });

  test('say what is there: two sessions, a voice in and out by client and codec', async () => {
    const value = async (expression: string): Promise<unknown> =>
      (await prometheus.query(expression)).map((sample) => sample.value);
    await eventually(async () => {
      const out = await value('rtcd_rtc_rtp_tracks_total{groupID="mm",direction="out",type="audio/opus"}');
      return JSON.stringify(out) === '[1]' ? undefined : JSON.stringify(out);
    });
    expect(await value('rtcd_rtc_rtp_tracks_total{direction="in",type="audio/opus"}')).toEqual([1]);
    expect(await value('rtcd_rtc_sessions_total{groupID="mm"}')).toEqual([2]);
    expect(await value('rtcd_ws_connections_total{clientID="mm"}')).toEqual([1]);
    expect(await value('rtcd_rtc_errors_total{groupID="mm",type="signaling"}')).toEqual([1]);
    expect(await value('rtcd_rtc_conn_states_total{type="connected"}')).toEqual([2]);
    expect(await value('rtc_sfu_join_seconds_count{client_id="mm"}')).toEqual([2]);
  });

  test('and packets of the voice, which grow while it lasts', async () => {
    const packets = async (direction: 'in' | 'out'): Promise<number> =>
      (await prometheus.query(`rtc_sfu_packets_total{direction="${direction}"}`))[0]?.value ?? 0;
    const before = { in: await packets('in'), out: await packets('out') };
    await eventually(
      async () => {
        const now = { in: await packets('in'), out: await packets('out') };
        const grew = now.in > before.in && now.out > before.out;
        return grew ? undefined : `more packets than ${JSON.stringify(before)}: ${JSON.stringify(now)}`;
      },
      { timeoutMs: 30_000 },
    );
  }, 60_000);

  test('and the processor time of the media worker is in them', async () => {
    const [workers] = await prometheus.query('sum(rtc_sfu_worker_cpu_seconds_total)');
    const [all] = await prometheus.query('sum(rtcd_process_cpu_seconds_total)');
    expect(workers?.value).toBeGreaterThan(0);
    expect(all?.value).toBeGreaterThan(workers?.value ?? Infinity);
  });
});

describe('every panel of the dashboard of the SFU has a number while a call is on', () => {
  const wide = { ...windows, rateInterval: '1m' };
  // A rate does not see the first of a series that begins with it.
  beforeAll(async () => {
    const eve = await enter('eve');
    await lock(eve);
    eve.say('08');
  }, 30_000);
  test.each(panelsOf(sfuDashboard).map((panel) => [panel.title, panel] as const))(
    '%s',
    async (_, { queries }) => {
      for (const { expr } of queries)
        await eventually(async () => {
          const samples = await prometheus.query(asked(expr, wide));
          const hasNumber = samples.some(({ value }) => !Number.isNaN(value));
          return hasNumber ? undefined : `a number for ${asked(expr, wide)}`;
        });
    },
  );
});

/** rtcd's labels are `groupID` and `clientID`, and some of its gauges end in `_total`: they stay, whatever promtool thinks. */
const camelCase = "label names should be written in 'snake_case' not 'camelCase'";
const total = 'non-counter metrics should not have "_total" suffix';
const rtcdNames = [
  `rtcd_rtc_client_jitter ${camelCase}`,
  `rtcd_rtc_client_loss_rate ${camelCase}`,
  `rtcd_rtc_client_rtt ${camelCase}`,
  `rtcd_rtc_connection_time ${camelCase}`,
  `rtcd_rtc_dc_open_time ${camelCase}`,
  `rtcd_rtc_errors_total ${camelCase}`,
  `rtcd_rtc_rtp_tracks_total ${camelCase}`,
  `rtcd_rtc_rtp_tracks_total ${total}`,
  `rtcd_rtc_rtp_tracks_writes_time ${camelCase}`,
  `rtcd_rtc_sessions_total ${camelCase}`,
  `rtcd_rtc_sessions_total ${total}`,
  `rtcd_rtc_signaling_lock_grab_time ${camelCase}`,
  `rtcd_rtc_signaling_lock_locked_time ${camelCase}`,
  `rtcd_ws_connections_total ${camelCase}`,
  `rtcd_ws_connections_total ${total}`,
  `rtcd_ws_messages_total ${camelCase}`,
];

test("promtool's lint finds nothing but rtcd's own names and labels", async () => {
  const text = await (await fetch(`${sfu.url}/metrics`)).text();
  expect([...new Set(await lintMetrics(text))].sort()).toEqual(rtcdNames);
});
