/** What a scenario plays on: the group's server, servers and plugins of its own, names that nobody else uses. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { idOf } from '../../demo/page/server/ids.ts';
import { freePort } from '../support/ports.ts';
import type { BrowserName } from './browser/browser.ts';
import type { Browsers } from './browser/browsers.ts';
import { type BrowserUser, enter, type EnterOptions } from './browser/user.ts';
import { type GoClient, startGoClient } from './goClient.ts';
import { basic, post } from './http.ts';
import { type CallPeer, joinPeer, type PeerOptions } from './peer.ts';
import { openPlugin, type Plugin } from './plugin.ts';
import {
  launchServer,
  type Program,
  type ServerOptions,
  type ServerUnderTest,
  startServer,
} from './server.ts';

/** A registered client of a server. */
export interface Client {
  readonly clientID: string;
  readonly authKey: string;
  /** Its `Authorization` header. */
  readonly basic: string;
}

/** One scenario's stage. What it made is taken down when the scenario has ended. */
export interface Stage {
  /** Shared with the other scenarios of the group. */
  readonly server: ServerUnderTest;
  /** A server of this scenario's own, serving. */
  readonly start: (options: ServerOptions) => Promise<ServerUnderTest>;
  /** As `start`, without waiting until it serves. */
  readonly launch: (options: ServerOptions) => Promise<ServerUnderTest>;
  /** A new id, as Mattermost makes them. */
  readonly id: () => string;
  /** Registers a new client. */
  readonly register: (server?: ServerUnderTest) => Promise<Client>;
  /** Connects as a client, by default a new one; resolves after `hello`. */
  readonly plugin: (client?: Client, server?: ServerUnderTest) => Promise<Plugin>;
  /** A user in a call, with an open data channel; by default everything about it is new. */
  readonly peer: (options?: Partial<PeerOptions>) => Promise<CallPeer>;
  /** A user in a browser, with an open data channel; by default everything about it is new. */
  readonly user: (browser: BrowserName, options?: Partial<EnterOptions>) => Promise<BrowserUser>;
  /** rtcd's own client of a server, as a process. */
  readonly goClient: (client: Pick<Client, 'clientID' | 'authKey'>, server?: ServerUnderTest) => GoClient;
  /** A new empty folder. */
  readonly folder: () => Promise<string>;
  /** A port that is free now, by TCP and UDP. */
  readonly freePort: () => Promise<number>;
  /** Runs at the end, last first. */
  readonly defer: (cleanUp: () => void | Promise<void>) => void;
}

/** A stage whose `close` takes down what was made on it. */
export function createStage(
  program: Program,
  shared: ServerUnderTest,
  browsers: Browsers,
): Stage & { readonly close: () => Promise<void> } {
  const cleanUps: (() => void | Promise<void>)[] = [];
  const defer: Stage['defer'] = (cleanUp) => void cleanUps.push(cleanUp);
  const keep = <S extends ServerUnderTest>(server: S): S => {
    defer(() => server.stop());
    return server;
  };
  const id = (): string => idOf(randomBytes(16));
  const register: Stage['register'] = async (server = shared) => {
    const [clientID, authKey] = [id(), randomBytes(16).toString('hex')];
    const answer = await post(server, '/register', { body: { clientID, authKey } });
    if (answer.status !== 201) throw new Error(`registering: ${answer.status} ${answer.text}`);
    return { clientID, authKey, basic: basic(clientID, authKey) };
  };
  const openPluginOf: Stage['plugin'] = async (client, server = shared) => {
    const plugin = await openPlugin(server, client ?? (await register(server)));
    defer(() => plugin.drop());
    return plugin;
  };
  return {
    server: shared,
    start: async (options) => keep(await startServer(program, options)),
    launch: async (options) => keep(await launchServer(program, options)),
    id,
    register,
    plugin: openPluginOf,
    peer: async (options = {}) => {
      const plugin = options.plugin ?? (await openPluginOf());
      const peer = await joinPeer({ callID: id(), userID: id(), sessionID: id(), ...options, plugin });
      defer(() => peer.close());
      return peer;
    },
    user: async (name, options = {}) => {
      const plugin = options.plugin ?? (await openPluginOf());
      const ids = { callID: id(), userID: id(), sessionID: id() };
      const user = await enter(await browsers.get(name), { ...ids, ...options, plugin });
      defer(() =>
        user.page.evaluate('client.leave()').then(
          () => undefined,
          () => undefined,
        ),
      );
      return user;
    },
    goClient: ({ clientID, authKey }, server = shared) => {
      const client = startGoClient({ program: program.reference, url: server.url, clientID, authKey });
      defer(() => client.stop());
      return client;
    },
    folder: async () => {
      const dir = await mkdtemp(join(tmpdir(), 'rtc-conformance-'));
      defer(() => rm(dir, { recursive: true, force: true }));
      return dir;
    },
    freePort: () => freePort(),
    defer,
    close: async () => {
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    },
  };
}
