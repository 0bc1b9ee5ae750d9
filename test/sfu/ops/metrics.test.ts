import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMetrics, type Metrics, type Scraped } from '../../../sfu/ops/metrics.ts';
import { metricsTable } from '../../../sfu/ops/metricsTable.ts';
import { processTable } from '../../../sfu/ops/processTable.ts';
import { idleWorker, statsOf } from './sights.ts';

let metrics: Metrics;
beforeEach(() => {
  metrics = createMetrics();
});
afterEach(() => metrics.close());

const worker = { ...idleWorker, load: 0.25, cpuMs: 1_500, sessions: 3, deaths: 2 };
const tracks = { voice: 2, screen: 0, screenAudio: 1, video: 0 };
const scraped: Scraped = {
  counts: {
    calls: 2,
    sessions: 3,
    largestCall: 2,
    sending: { tracks: 3, lastMuteMs: null },
    sessionsByGroup: { a: 2, b: 1 },
    tracks: { in: tracks, out: tracks },
    tracksByGroup: [
      { groupID: 'a', direction: 'in', mimeType: 'audio/opus', value: 3 },
      { groupID: 'b', direction: 'out', mimeType: 'video/AV1', value: 1 },
    ],
  },
  connectionsByClient: new Map([['a', 1]]),
  stats: statsOf({ workers: [worker], drainState: 'draining' }),
  workers: [worker],
  packets: { in: 50, out: 150 },
};

test('every series of the table is there, under the very names of rtcd', async () => {
  metrics.calls.timing('a', 'connectionTime', 0.2);
  const text = await metrics.text(scraped);
  for (const { name, type } of Object.values(metricsTable)) expect(text).toContain(`# TYPE ${name} ${type}`);
  for (const { name } of Object.values(processTable)) expect(text).toMatch(new RegExp(`^${name} -?\\d`, 'm'));
});

test('what is told is counted, with the labels of rtcd', async () => {
  metrics.calls.connection('connected');
  metrics.calls.error('a', 'signaling');
  metrics.calls.limited('a', 'sessions');
  metrics.calls.timing('a', 'joinTime', 0.02);
  metrics.calls.iceFailure('lost');
  metrics.sample([{ groupID: 'a', kind: 'voice' }], scraped.workers);
  metrics.calls.timing('a', 'clientRtt', 0.02);
  metrics.ws.message('a', 'join', 'in');
  metrics.ws.message('a', 'hello', 'out');
  const lines = (await metrics.text(scraped)).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'rtcd_rtc_sessions_total{groupID="a"} 2',
      'rtcd_rtc_rtp_tracks_total{groupID="a",direction="in",type="audio/opus"} 3',
      'rtcd_rtc_rtp_tracks_total{groupID="b",direction="out",type="video/AV1"} 1',
      'rtcd_rtc_conn_states_total{type="connected"} 1',
      'rtcd_rtc_errors_total{groupID="a",type="signaling"} 1',
      'rtcd_rtc_rtp_tracks_writes_time_count{groupID="a",type="voice"} 1',
      'rtc_sfu_join_seconds_count{client_id="a"} 1',
      'rtc_sfu_ice_failures_total{cause="lost"} 1',
      'rtc_sfu_limited_total{client_id="a",limit="sessions"} 1',
      'rtcd_rtc_client_rtt_count{groupID="a"} 1',
      'rtcd_ws_connections_total{clientID="a"} 1',
      'rtcd_ws_messages_total{clientID="a",type="join",direction="in"} 1',
      'rtc_sfu_packets_total{direction="in"} 50',
      'rtc_sfu_packets_total{direction="out"} 150',
      'rtc_sfu_load 0.25',
      'rtc_sfu_draining 1',
      'rtc_sfu_full 0',
      'rtc_sfu_demand{kind="audioIn"} 0',
      'rtc_sfu_worker_up{worker="0"} 1',
      'rtc_sfu_worker_load{worker="0"} 0.25',
      'rtc_sfu_worker_sessions{worker="0"} 3',
      'rtc_sfu_worker_cpu_seconds_total{worker="0"} 1.5',
      'rtc_sfu_worker_deaths_total{worker="0"} 2',
    ]),
  );
  expect(lines.some((line) => line.includes('hello="'))).toBe(false);
});

test('a client that left leaves no gauge behind', async () => {
  await metrics.text(scraped);
  const counts = { ...scraped.counts, calls: 0, sessions: 0, sessionsByGroup: {}, tracksByGroup: [] };
  const text = await metrics.text({ ...scraped, counts, connectionsByClient: new Map() });
  expect(text).not.toContain('groupID="a"');
  expect(text).not.toContain('clientID="a"');
});

test('media paths that were opened and those that never were are counted for /stats', () => {
  const metrics = createMetrics();
  metrics.calls.timing('a', 'connectionTime', 0.2);
  for (const cause of ['never_connected', 'dtls', 'server', 'lost'] as const) metrics.calls.iceFailure(cause);
  expect(metrics.mediaPaths()).toEqual({ opened: 1, failed: 3 });
  metrics.close();
});
