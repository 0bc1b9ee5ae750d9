/** `/version`, `/system` and everything that is no route (wire spec 1.3, 1.4). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';

import semver from 'semver';

import { expectNotFound } from '../../expect.ts';
import { admin, ask } from '../../http.ts';
import { scenarios } from '../../scenario.ts';

const versionKeys = ['buildDate', 'buildHash', 'buildVersion', 'goArch', 'goOS', 'goVersion'];
const otherMethods = ['POST', 'PUT', 'DELETE', 'PATCH'];

/** Scenarios of the open routes. */
export const status = scenarios([
  {
    name: 'GET /version tells six strings to anybody',
    spec: '1.3',
    run: async ({ server }) => {
      const answer = await ask(server, '/version');
      strictEqual(answer.status, 200);
      strictEqual(answer.contentType, 'application/json');
      const body = answer.json() as Record<string, unknown>;
      deepStrictEqual(Object.keys(body).sort(), versionKeys);
      for (const value of Object.values(body)) strictEqual(typeof value, 'string');
    },
  },
  {
    name: 'The build version is a semver of at least 1.2.6, so that clients use the signaling lock',
    spec: '1.3',
    run: async ({ server }) => {
      const { buildVersion } = (await ask(server, '/version')).json() as { buildVersion: string };
      ok(semver.gte(buildVersion, '1.2.6'), buildVersion);
    },
  },
  {
    name: 'GET /system tells anybody a CPU load that is no less than 0',
    spec: '1.4',
    run: async ({ server }) => {
      const answer = await ask(server, '/system');
      strictEqual(answer.status, 200);
      strictEqual(answer.contentType, 'application/json');
      // An empty body is rtcd's way to say that the machine has no idle time; the quirk has a row of its own.
      if (answer.text === '') return;
      const { cpu_load: load } = answer.json() as { cpu_load: unknown };
      ok(typeof load === 'number' && load >= 0, answer.text);
    },
  },
  {
    name: 'A path that is no route is not found, in the words of Go',
    spec: '1',
    run: async ({ server }) => {
      for (const path of ['/', '/nothing', '/version/', '/calls', '/calls/c1'])
        expectNotFound(await ask(server, path));
    },
  },
  {
    name: 'Another method than GET on /version and /system is not found, not "not allowed"',
    spec: '1',
    run: async ({ server }) => {
      for (const method of otherMethods)
        for (const path of ['/version', '/system']) expectNotFound(await ask(server, path, { method }));
    },
  },
  {
    name: 'Another method than POST on /register, /unregister and /login is not found',
    spec: '1',
    run: async ({ server }) => {
      for (const method of ['GET', 'PUT', 'DELETE'])
        for (const path of ['/register', '/unregister', '/login'])
          expectNotFound(await ask(server, path, { method }));
    },
  },
  {
    name: 'GET /stats tells the admin what the server carries',
    spec: '1',
    quirk: {
      rtcd: 'has no such route: 404',
      ours: 'answers calls, sessions, tracks, load and capacity as JSON',
      reason: 'The owner’s guide checks a server by this route, and the operator steers by it.',
    },
    observe: async ({ server }) => {
      const answer = await ask(server, '/stats', { authorization: admin(server) });
      if (answer.status === 404) return 'rtcd';
      strictEqual(answer.status, 200);
      const { sessions, draining } = answer.json() as Record<string, unknown>;
      deepStrictEqual([typeof sessions, draining], ['number', false]);
      return 'ours';
    },
  },
  {
    name: 'The load of a machine without idle time is a number',
    spec: '1.4',
    isSlow: true,
    quirk: {
      rtcd: 'answers 200 with an empty body, and the plugin then picks a host at random',
      ours: 'always answers a finite number',
      reason: 'The fullest server must be the last choice, not a lucky one.',
      isIntermittent: true,
    },
    observe: async ({ server, defer }) => {
      const busy = Array.from({ length: 2 * cpus().length }, () =>
        spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
      );
      defer(() => busy.forEach((child) => void child.kill('SIGKILL')));
      for (let second = 0; second < 4; second += 1) {
        const { text } = await ask(server, '/system');
        if (text === '') return 'rtcd';
        ok(Number.isFinite((JSON.parse(text) as { cpu_load: number }).cpu_load), text);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      return 'ours';
    },
  },
]);
