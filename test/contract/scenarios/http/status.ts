/** `/version`, `/system` and everything that is no route (wire spec 1.3, 1.4). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import semver from 'semver';

import { expectNotFound } from '../../expect.ts';
import { ask } from '../../http.ts';
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
]);
