/**
 * A Mattermost with the Calls plugin, by the rules of `demo/page/server/rules.ts`: the witness of dropped calls. It
 * knows hosts by address, finds them in DNS, and keeps each call on the host that it began on.
 */
import {
  afterLoss,
  applyAnswer,
  candidates,
  checkVersion,
  chooseHost,
  type Host,
  type HostSet,
} from '../../../demo/page/server/hostSet.ts';
import { pluginRules } from '../../../demo/page/server/rules.ts';
import type { DnsName } from './dns.ts';
import type { Random } from './random.ts';
import type { FakeSfu } from './sfu.ts';
import type { Timeline } from './time.ts';

/** What it is made of. */
export interface MattermostDeps {
  readonly time: Timeline;
  readonly random: Random;
  readonly dns: DnsName;
  readonly sfuAt: (address: string) => FakeSfu | undefined;
}

/** Where a call is. */
export interface Call {
  readonly id: string;
  readonly sfu: FakeSfu;
  sessions: number;
}

/** A call that nobody could take. */
export interface Refusal {
  readonly atMs: number;
  readonly reason: string;
}

/** See the file comment. */
export class Mattermost {
  readonly #deps: MattermostDeps;
  readonly #calls = new Map<string, Call>();
  /** The SFU process behind each connected host. */
  readonly #connections = new Map<string, FakeSfu>();
  readonly refusals: Refusal[] = [];
  #hosts: HostSet = new Map();
  #started = 0;

  constructor(deps: MattermostDeps) {
    this.#deps = deps;
    this.#round();
  }

  /** Calls that were begun so far, refused ones included. */
  get started(): number {
    return this.#started;
  }

  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  get hosts(): HostSet {
    return this.#hosts;
  }

  /** Somebody starts a call. Undefined: nobody takes it. */
  start(sessions: number): Call | undefined {
    this.#started += 1;
    const loads = candidates(this.#hosts).map((address) => ({
      address,
      cpuLoad: this.#connections.get(address)?.cpuLoad,
    }));
    const choice = chooseHost(loads, this.#deps.random.next());
    const sfu = choice.ok ? this.#connections.get(choice.address) : undefined;
    if (sfu === undefined) {
      this.refusals.push({ atMs: this.#deps.time.nowMs, reason: choice.reason });
      return undefined;
    }
    const call = { id: `call-${this.#started}`, sfu, sessions };
    this.#calls.set(call.id, call);
    sfu.setCall(call.id, sessions);
    return call;
  }

  /** People join and leave; 0 ends the call. */
  resize(call: Call, sessions: number): void {
    if (!this.#calls.has(call.id)) return;
    call.sessions = sessions;
    call.sfu.setCall(call.id, sessions);
    if (sessions === 0) this.#calls.delete(call.id);
  }

  /** The SFU's process has ended; returns the calls that ended with it. */
  lost(sfu: FakeSfu): readonly Call[] {
    const dropped = this.calls.filter((call) => call.sfu === sfu);
    for (const { id } of dropped) this.#calls.delete(id);
    for (const [address, connected] of [...this.#connections])
      if (connected === sfu) this.#disconnected(address, 1);
    return dropped;
  }

  /** Hosts checker: look up, then connect to what is new, one after the other, then wait for the next tick. */
  #round(): void {
    const startedMs = this.#deps.time.nowMs;
    const { hosts, added } = applyAnswer(this.#hosts, { ok: true, addresses: this.#deps.dns.resolve() });
    this.#hosts = hosts;
    this.#meet(added, () => {
      const elapsedMs = this.#deps.time.nowMs - startedMs;
      const waitMs = Math.max(0, pluginRules.resolveEveryMs.value - elapsedMs);
      this.#deps.time.after(waitMs, () => this.#round());
    });
  }

  #meet([address, ...others]: readonly string[], done: () => void): void {
    if (address === undefined) {
      done();
      return;
    }
    const waitMs = this.#deps.random.between(0, pluginRules.newHostDelayMaxMs.value);
    this.#deps.time.after(waitMs, () => {
      const sfu = this.#deps.sfuAt(address);
      // A failure is tried again at the next look-up: only a host that answers is one.
      if (sfu !== undefined && checkVersion(sfu.version).ok)
        this.#connect({ address, isFlagged: false }, sfu);
      this.#meet(others, done);
    });
  }

  #connect(host: Omit<Host, 'isConnected'>, sfu: FakeSfu): void {
    this.#connections.set(host.address, sfu);
    this.#hosts = new Map(this.#hosts).set(host.address, { ...host, isConnected: true });
  }

  #disconnected(address: string, attempt: number): void {
    this.#connections.delete(address);
    const host = this.#hosts.get(address);
    if (host === undefined) return;
    const after = afterLoss(host, attempt, this.#deps.random.next());
    const hosts = new Map(this.#hosts);
    if (after.next === 'forget') hosts.delete(address);
    else hosts.set(address, { ...host, isConnected: false });
    this.#hosts = hosts;
    if (after.next === 'retry')
      this.#deps.time.after(after.waitMs, () => this.#reconnect(address, attempt + 1));
  }

  #reconnect(address: string, attempt: number): void {
    const host = this.#hosts.get(address);
    const sfu = this.#deps.sfuAt(address);
    if (host === undefined || host.isConnected) return;
    if (sfu === undefined) this.#disconnected(address, attempt);
    else this.#connect(host, sfu);
  }
}
