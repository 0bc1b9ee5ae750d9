/** The hosts, kept as the plugin keeps them: a look-up every 10 s, one connection each, retries. Carries out `hostSet.ts`. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Discover } from './discovery.ts';
import type { HostFrame, PluginFrame } from './frames.ts';
import { type HostConnection, type HostLink, ownLink, type PluginIdentity } from './hostConnection.ts';
import {
  afterLoss,
  applyAnswer,
  type Asked,
  candidates,
  type Choice,
  chooseHost,
  type Host,
  type HostSet,
} from './hostSet.ts';
import { pluginRules } from './rules.ts';

/** What the hosts are made of. */
export interface HostsDeps {
  readonly discover: Discover;
  readonly identity: PluginIdentity;
  readonly onFrame: (address: string, frame: HostFrame) => void;
  /** One sentence for each change. */
  readonly log: (line: string) => void;
  /** How hosts are spoken to. Default: by a client of our own. */
  readonly link?: HostLink;
  /** 0 ≤ r < 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Between look-ups. Default: the plugin's. */
  readonly resolveEveryMs?: number;
}

/** The plugin's host manager. */
export class Hosts {
  readonly #deps: Required<HostsDeps>;
  readonly #connections = new Map<string, HostConnection>();
  readonly #ending = new AbortController();
  #hosts: HostSet = new Map();
  #loop: Promise<void> = Promise.resolve();

  constructor(deps: HostsDeps) {
    this.#deps = {
      ...{ random: Math.random, resolveEveryMs: pluginRules.resolveEveryMs.value, link: ownLink },
      ...deps,
    };
  }

  /** Activation: connects every host, then keeps looking. Rejects when one host is of no use. */
  async start(): Promise<void> {
    const answer = await this.#deps.discover();
    if (!answer.ok || answer.addresses.length === 0)
      throw new Error(answer.ok ? 'no SFU host has an address yet' : answer.reason);
    for (const address of answer.addresses) await this.#add(address);
    this.#loop = this.#keepLooking();
  }

  /** The hosts as they are now. */
  list(): Host[] {
    return [...this.#hosts.values()];
  }

  /** The host for a new call: asks the candidates one after the other, as the plugin does. */
  async choose(): Promise<Choice & { readonly asked: readonly Asked[] }> {
    const asked: Asked[] = [];
    for (const address of candidates(this.#hosts))
      asked.push({ address, cpuLoad: await this.#deps.link.readLoad(address, this.#deps.identity) });
    return { ...chooseHost(asked, this.#deps.random()), asked };
  }

  /** False when the host is gone or not connected: the plugin logs that and carries on. */
  send(address: string, frame: PluginFrame): boolean {
    const isSent = this.#connections.get(address)?.send(frame) ?? false;
    if (!isSent) this.#deps.log(`could not send ${frame.type}: ${address} is not connected`);
    return isSent;
  }

  /** Ends the loop and every connection. */
  async close(): Promise<void> {
    this.#ending.abort();
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
    await this.#loop;
  }

  async #keepLooking(): Promise<void> {
    while (await this.#wait(this.#deps.resolveEveryMs)) {
      const resolved = applyAnswer(this.#hosts, await this.#deps.discover());
      this.#hosts = resolved.hosts;
      resolved.notes.forEach(this.#deps.log);
      for (const address of resolved.added) {
        // Inside the loop, as in the plugin: k new hosts delay the next look-up by up to 5·k s.
        if (!(await this.#wait(this.#deps.random() * pluginRules.newHostDelayMaxMs.value))) return;
        await this.#add(address).catch((error: unknown) => this.#deps.log(`could not add ${String(error)}`));
      }
    }
  }

  async #add(address: string): Promise<void> {
    await this.#connect(address);
    try {
      await this.#deps.link.assertVersion(address, this.#deps.identity);
    } catch (error) {
      this.#forget(address);
      throw error;
    }
    this.#deps.log(`connected ${address}`);
  }

  async #connect(address: string): Promise<void> {
    const connection = await this.#deps.link.connect(address, this.#deps.identity, {
      onFrame: (frame) => this.#deps.onFrame(address, frame),
      onLost: (reason) => void this.#recover(address, reason),
    });
    if (this.#ending.signal.aborted) connection.close();
    else this.#connections.set(address, connection);
    this.#update(address, { isConnected: true });
  }

  async #recover(address: string, lost: string): Promise<void> {
    this.#connections.delete(address);
    this.#update(address, { isConnected: false });
    this.#deps.log(`lost ${address}: ${lost}`);
    for (let attempt = 1; ; attempt += 1) {
      const host = this.#hosts.get(address);
      if (host === undefined) return;
      const after = afterLoss(host, attempt, this.#deps.random());
      this.#deps.log(`${after.next === 'forget' ? 'forgot' : 'trying again'} ${address}: ${after.reason}`);
      if (after.next === 'forget') {
        this.#forget(address);
        return;
      }
      if (!(await this.#wait(after.waitMs))) return;
      if (await this.#tryConnect(address)) return;
    }
  }

  async #tryConnect(address: string): Promise<boolean> {
    if (this.#hosts.get(address)?.isFlagged === true) return false; // The next decision forgets it.
    try {
      await this.#connect(address);
      this.#deps.log(`connected ${address} again`);
      return true;
    } catch {
      return false;
    }
  }

  #forget(address: string): void {
    this.#connections.get(address)?.close();
    this.#connections.delete(address);
    this.#hosts = new Map([...this.#hosts].filter(([other]) => other !== address));
  }

  #update(address: string, change: Partial<Host>): void {
    const host = this.#hosts.get(address) ?? { address, isFlagged: false, isConnected: false };
    this.#hosts = new Map(this.#hosts).set(address, { ...host, ...change });
  }

  /** False when we are closing. */
  async #wait(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
    return !this.#ending.signal.aborted;
  }
}
