/** Pure: which hosts there are and what happens to them. Implements the table in `rules.ts`. */
import { coerce, gte, parse } from 'semver';

import { pluginRules } from './rules.ts';

/** One SFU host as the plugin sees it. Its identity is the address. */
export interface Host {
  readonly address: string;
  /** Gone from DNS: no new calls. */
  readonly isFlagged: boolean;
  readonly isConnected: boolean;
}

/** Hosts by address. */
export type HostSet = ReadonlyMap<string, Host>;

/** A look-up's answer; failures carry their reason. */
export type Answer =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** What a look-up changed. `added` are to be connected before they count. */
export interface Resolved {
  readonly hosts: HostSet;
  readonly added: readonly string[];
  /** One sentence for each change, and one when the answer was of no use. */
  readonly notes: readonly string[];
}

/** Applies one look-up. */
export function applyAnswer(hosts: HostSet, answer: Answer): Resolved {
  if (!answer.ok || answer.addresses.length === 0) {
    const reason = answer.ok ? 'the answer is empty' : answer.reason;
    return { hosts, added: [], notes: [`kept all hosts as they are: ${reason}`] };
  }
  const present = new Set(answer.addresses);
  const notes: string[] = [];
  const next = [...hosts.values()].map((host) => {
    const isFlagged = !present.has(host.address);
    if (isFlagged !== host.isFlagged)
      notes.push(
        `${isFlagged ? 'flagged' : 'unflagged'} ${host.address}: it ${isFlagged ? 'left' : 'is back in'} the answer`,
      );
    return { ...host, isFlagged };
  });
  return {
    hosts: new Map(next.map((host) => [host.address, host])),
    added: [...present].filter((address) => !hosts.has(address)),
    notes,
  };
}

/** What a lost connection leads to. */
export type AfterLoss =
  | { readonly next: 'forget'; readonly reason: string }
  | { readonly next: 'retry'; readonly waitMs: number; readonly reason: string };

/** `attempt` counts from 1; `random` is 0 ≤ r < 1. */
export function afterLoss(host: Host, attempt: number, random: number): AfterLoss {
  if (host.isFlagged) return { next: 'forget', reason: 'it is flagged' };
  const attempts = pluginRules.reconnectAttempts.value;
  if (attempt > attempts) return { next: 'forget', reason: `${attempts} attempts failed` };
  const stepMs = Math.floor(random * pluginRules.reconnectStepMaxMs.value) || 2000;
  const waitMs = Math.min(attempt * stepMs, 30_000);
  return { next: 'retry', waitMs, reason: `attempt ${attempt} of ${attempts} in ${waitMs} ms` };
}

/** Hosts that a new call may go to. */
export function candidates(hosts: HostSet): string[] {
  return [...hosts.values()]
    .filter((host) => !host.isFlagged && host.isConnected)
    .map((host) => host.address);
}

/** A candidate's answer; `cpuLoad` undefined: none. */
export interface Asked {
  readonly address: string;
  readonly cpuLoad: number | undefined;
}

/** The host of a new call, or why there is none. */
export type Choice =
  | { readonly ok: true; readonly address: string; readonly reason: string }
  | { readonly ok: false; readonly reason: string };

/** Picks by what the candidates answered. `random` is 0 ≤ r < 1. */
export function chooseHost(loads: readonly Asked[], random: number): Choice {
  const answered = loads.flatMap(({ address, cpuLoad }) =>
    cpuLoad === undefined ? [] : [{ address, cpuLoad }],
  );
  const best = answered.reduce<(typeof answered)[number] | undefined>(
    (lowest, one) => (lowest === undefined || one.cpuLoad < lowest.cpuLoad ? one : lowest),
    undefined,
  );
  if (best !== undefined)
    return {
      ok: true,
      address: best.address,
      reason: `lowest cpu_load (${Number(best.cpuLoad.toPrecision(3))})`,
    };
  const any = loads[Math.floor(random * loads.length)];
  if (any === undefined) return { ok: false, reason: 'no host is both published and connected' };
  return { ok: true, address: any.address, reason: 'no host told its load: any' };
}

/** Whether a host's `buildVersion` is new enough, else why not. */
export function checkVersion(buildVersion: string): { readonly ok: boolean; readonly reason: string } {
  const floor = pluginRules.minimumVersion.value;
  if (buildVersion === '' || buildVersion === 'master' || buildVersion.startsWith('dev'))
    return { ok: true, reason: 'a development build is not checked' };
  const version = parse(buildVersion.replace(/^v/, ''));
  if (version === null) return { ok: false, reason: `version ${buildVersion} is no semantic version` };
  const ok = gte(coerce(version) ?? version, floor);
  return { ok, reason: `version ${buildVersion} is ${ok ? 'at least' : 'older than'} ${floor}` };
}
