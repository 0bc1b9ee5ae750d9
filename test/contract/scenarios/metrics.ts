/** `/metrics` (wire spec 8): what rtcd's public dashboards query. */
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';

import { eventually } from '../../support/eventually.ts';
import { ask } from '../http.ts';
import { scenarios } from '../scenario.ts';
import { firstOffer, joined, settled } from './joined.ts';
import { gauge, samplesOf } from './samples.ts';

const defaults = '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf';
const fine = '0.001 0.005 0.0075 0.01 0.025 0.05 0.075 0.1 0.25 0.3 0.4 0.5 0.75 1 +Inf';
const loss = '0.001 0.005 0.0075 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 +Inf';

/** Scenarios of what is counted. */
export const metrics = scenarios([
  {
    name: 'GET /metrics answers anybody in Prometheus’ text format',
    spec: '8',
    run: async ({ server }) => {
      const answer = await ask(server, '/metrics');
      strictEqual(answer.status, 200);
      match(answer.contentType, /^text\/plain; version=0\.0\.4/);
      ok((await samplesOf(server)).length > 10);
    },
  },
  {
    name: 'The process is counted under rtcd’s names',
    spec: '8',
    run: async ({ server }) => {
      const samples = await samplesOf(server);
      for (const name of [
        'rtcd_process_cpu_seconds_total',
        'rtcd_process_resident_memory_bytes',
        'rtcd_process_virtual_memory_bytes',
        'rtcd_process_open_fds',
        'rtcd_process_max_fds',
        'rtcd_process_start_time_seconds',
      ])
        // CPU time comes in ticks of 10 ms: a server that has just started may have used none.
        ok(
          samples.some((sample) => sample.name === name && sample.value >= 0),
          name,
        );
    },
  },
  {
    name: 'What the dashboard asks of the Go runtime has a value',
    spec: '8',
    run: async ({ server }) => {
      for (const name of ['go_memstats_heap_inuse_bytes', 'go_memstats_stack_inuse_bytes', 'go_goroutines'])
        ok((await gauge(server, name, {})) > 0, name);
    },
  },
  {
    name: 'Connections of a client are counted while they are open',
    spec: '8',
    run: async (stage) => {
      const client = await stage.register();
      const count = (): Promise<number> =>
        gauge(stage.server, 'rtcd_ws_connections_total', { clientID: client.clientID });
      const [one] = [await stage.plugin(client), await stage.plugin(client)];
      strictEqual(await count(), 2);
      one.drop();
      await eventually(async () => ((await count()) === 1 ? undefined : `${await count()} connections`));
    },
  },
  {
    name: 'Messages are counted by type and direction; hello and close are not',
    spec: '8',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      plugin.reconnect(ids.sessionID);
      plugin.rtc(ids.sessionID, 'sdp', firstOffer);
      await plugin.waitFor('rtc', ids.sessionID);
      plugin.leave(ids.sessionID);
      await plugin.waitFor('close', ids.sessionID);
      const counted = (await samplesOf(stage.server))
        .filter(
          ({ name, labels }) => name === 'rtcd_ws_messages_total' && labels['clientID'] === client.clientID,
        )
        .map(({ labels, value }) => [labels['direction'], labels['type'], value] as const);
      const of = (direction: string, type: string): number =>
        counted.find(([way, kind]) => way === direction && kind === type)?.[2] ?? 0;
      deepStrictEqual(
        ['join', 'leave', 'reconnect', 'rtc', 'hello', 'close'].map((type) => of('in', type)),
        [1, 1, 1, 1, 0, 0],
      );
      ok(of('out', 'rtc') >= 1);
      strictEqual(of('out', 'hello') + of('out', 'close'), 0);
    },
  },
  {
    name: 'Sessions of a client are counted while they last',
    spec: '8',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      const count = (): Promise<number> =>
        gauge(stage.server, 'rtcd_rtc_sessions_total', { groupID: client.clientID });
      strictEqual(await count(), 1);
      plugin.leave(ids.sessionID);
      await plugin.waitFor('close', ids.sessionID);
      await settled(stage, plugin);
      strictEqual(await count(), 0);
    },
  },
  {
    name: 'A session without an offer counts an error of signaling',
    spec: '8',
    run: async (stage) => {
      const { plugin, ids, client } = await joined(stage);
      await plugin.waitFor('close', ids.sessionID, 15_000);
      const labels = { groupID: client.clientID, type: 'signaling' };
      await eventually(async () => {
        const found = await gauge(stage.server, 'rtcd_rtc_errors_total', labels);
        return found === 1 ? undefined : `${found} errors`;
      });
    },
  },
  {
    name: 'Connections of users are counted by state',
    spec: '8',
    run: async (stage) => {
      const count = (type: string): Promise<number> =>
        gauge(stage.server, 'rtcd_rtc_conn_states_total', { type });
      const before = [await count('connected'), await count('closed')];
      const peer = await stage.peer();
      await eventually(async () => ((await count('connected')) > (before[0] ?? 0) ? undefined : 'connected'));
      peer.leave();
      await eventually(async () => ((await count('closed')) > (before[1] ?? 0) ? undefined : 'closed'));
    },
  },
  {
    name: 'Histograms have rtcd’s buckets',
    spec: '8',
    run: async (stage) => {
      const peer = await stage.peer();
      for (const hex of ['0400', '05cb3fb999999999999a', '06ca3c23d70a', '07']) peer.say({ hex });
      peer.say({ hex: '08' });
      const buckets = {
        connection_time: defaults,
        dc_open_time: defaults,
        client_loss_rate: loss,
        client_rtt: fine,
        client_jitter: fine,
      };
      for (const [name, wanted] of Object.entries(buckets))
        await eventually(async () => {
          const found = (await samplesOf(stage.server))
            .filter((sample) => sample.name === `rtcd_rtc_${name}_bucket`)
            .filter(({ labels }) => labels['groupID'] === peer.plugin.clientID)
            .map(({ labels }) => labels['le']);
          return found.join(' ') === wanted ? undefined : `${name}: ${found.join(' ')}`;
        });
    },
  },
  {
    name: 'Every series has rtcd’s type',
    spec: '8',
    run: async (stage) => {
      const peer = await stage.peer();
      await eventually(async () => {
        const { text } = await ask(stage.server, '/metrics');
        const types = new Map(
          [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]),
        );
        const wanted = {
          rtcd_rtc_sessions_total: 'gauge',
          rtcd_rtc_conn_states_total: 'counter',
          rtcd_rtc_connection_time: 'histogram',
          rtcd_rtc_dc_open_time: 'histogram',
          rtcd_ws_connections_total: 'gauge',
          rtcd_ws_messages_total: 'counter',
          rtcd_process_cpu_seconds_total: 'counter',
          rtcd_process_resident_memory_bytes: 'gauge',
        };
        const wrong = Object.entries(wanted).filter(([name, type]) => types.get(name) !== type);
        return wrong.length === 0 ? undefined : wrong.join(' ');
      });
      strictEqual(peer.failure(), undefined);
    },
  },
]);
