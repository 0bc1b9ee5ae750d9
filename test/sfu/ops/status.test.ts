import { expect, test } from '@jest/globals';

import { answerOf } from '../../../operator/facts/answer.ts';
import { statsSchema } from '../../../sfu/http/stats.ts';
import { nobodyHere } from '../../../sfu/ops/load.ts';
import { type Sights, statusOf } from '../../../sfu/ops/status.ts';
import { idle, idleWorker, statsOf } from './sights.ts';

const on = (index: number): Sights['workers'][number] => ({
  ...idleWorker,
  bound: idleWorker.bound.map((one) => ({ ...one, port: one.port + index })),
});

test('a server without anything to do says so', () => {
  expect(statsOf()).toEqual({
    version: '0.1.0',
    calls: 0,
    sessions: 0,
    largestCall: 0,
    sending: { tracks: 0, lastMuteMs: null },
    egressBitsPerSecond: 0,
    mediaPaths: { opened: 0, failed: 0 },
    tracks: {
      in: { voice: 0, screen: 0, screenAudio: 0, video: 0 },
      out: { voice: 0, screen: 0, screenAudio: 0, video: 0 },
    },
    demand: { sessions: 0, audioIn: 0, videoIn: 0, audioOut: 0, videoOut: 0 },
    load: 0,
    capacity: { cores: 1, sessions: null },
    full: false,
    draining: false,
    addresses: ['1.2.3.4:8045'],
    mediaPorts: { udp: { first: 8045, last: 8045 }, tcp: { first: 8045, last: 8045 } },
    publicAddresses: null,
    node: { ...idle.node, wantedBufferBytes: 4_194_304 },
    workers: [{ load: 0, hasRoom: true, calls: 0, sessions: 0, pipes: 0, deaths: 0, trouble: null }],
  });
});

test('every worker has its port, and the range is what firewalls must let through', () => {
  const stats = statsOf({ workers: [on(0), on(1), on(2)] });
  expect(stats.mediaPorts).toEqual({ udp: { first: 8045, last: 8047 }, tcp: { first: 8045, last: 8047 } });
  expect(stats.addresses).toEqual(['1.2.3.4:8045', '1.2.3.4:8046', '1.2.3.4:8047']);
  const udpOnly = { ...idleWorker, bound: idleWorker.bound.slice(0, 1) };
  expect(statsOf({ workers: [udpOnly] }).mediaPorts).toEqual({ udp: { first: 8045, last: 8045 }, tcp: null });
});

test('the five counts add up what is alike for the CPU', () => {
  const tracks = {
    in: { voice: 3, screen: 1, screenAudio: 1, video: 2 },
    out: { voice: 30, screen: 10, screenAudio: 10, video: 20 },
  };
  const counts = { ...idle.counts, sessions: 11, tracks };
  expect(statsOf({ counts }).demand).toEqual({
    sessions: 11,
    audioIn: 4,
    videoIn: 3,
    audioOut: 40,
    videoOut: 30,
  });
});

test('a drain that can be taken back leaves it ready; one that ends does not; both send new calls elsewhere', () => {
  const draining = statusOf({ ...idle, drainState: 'draining' });
  expect([draining.cpuLoad, draining.stats.draining, draining.waitingFor]).toEqual([
    nobodyHere,
    true,
    undefined,
  ]);
  const terminating = statusOf({ ...idle, drainState: 'terminating' });
  expect([terminating.cpuLoad, terminating.waitingFor]).toEqual([
    nobodyHere,
    'the server is terminating: it ends with its last session',
  ]);
});

test('one dead worker of several is told and does not make the server dead', () => {
  const dead = { ...on(0), pid: undefined, hasRoom: false, deaths: 1, trouble: 'media worker died' };
  const status = statusOf({ ...idle, workers: [dead, on(1)] });
  expect([status.deadReason, status.waitingFor]).toEqual([undefined, undefined]);
  expect(status.stats.workers[0]).toMatchObject({ deaths: 1, trouble: 'media worker died' });
});

test('the operator reads what the server says', () => {
  const counts = { ...idle.counts, calls: 1, sessions: 2, sending: { tracks: 0, lastMuteMs: 7.5 } };
  const workers = [{ ...idleWorker, load: 0.5 }];
  const body = JSON.stringify(statsSchema.parse(statsOf({ counts, workers, drainState: 'draining' })));
  expect(answerOf('{"buildVersion":"v1.2.6"}', body)).toMatchObject({
    answered: true,
    version: 'v1.2.6',
    calls: 1,
    sessions: 2,
    quiet: 7.5,
    load: 0.5,
    isDraining: true,
    measures: {
      cores: 1,
      counts: { sessions: 2, audioIn: 0, videoIn: 0, audioOut: 0, videoOut: 0 },
      egressMbit: 0,
    },
    kernel: { receiveBufferBytes: 212_992, wantedBufferBytes: 4_194_304 },
  });
});
