/** The agent's rounds: read what is mounted, write what coturn reads, look at coturn, signal it. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { turnPaths } from '../desired/turn/names.ts';
import type { Log } from '../ops/logger.ts';
import { peersDigest } from '../turn/peers.ts';
import { secretHash } from '../turn/secretHash.ts';
import type { AgentConfig } from './config.ts';
import { coturnPid, coturnVersion, servedCertificate, silenceOf, type ServedCertificate } from './coturn.ts';
import { openDatabase, type Database } from './database.ts';
import { readIfThere, readMounted } from './mounted.ts';
import { rowChange, type Rows } from './rows.ts';
import { signalFor } from './signals.ts';
import { wantedOf, type Wanted } from './wanted.ts';

/** What `GET /status` tells, but for the allocations. */
export interface AgentStatus {
  readonly version: string | null;
  readonly draining: boolean;
  /** coturn has drained and is gone. */
  readonly ended: boolean;
  /** Hashes of those that coturn takes, that of the mounted `secret` first. */
  readonly secrets: readonly string[];
  readonly peersDigest: string;
  readonly certificate: ServedCertificate | null;
  /** Absent: none. */
  readonly problem?: string;
}

/** Why not; undefined: all is well. */
export type Verdict = string | undefined;

const files = {
  conf: 'turnserver.conf',
  settings: 'agent.json',
  database: 'turndb',
  drain: turnPaths.drainFile,
} as const;

/** Rounds from one look at a certificate that has not changed to the next. */
const calmRounds = 5;

/** See the file comment. */
export class Agent {
  readonly #config: AgentConfig;
  readonly #log: Log;
  #wanted: Wanted = { waitsFor: 'the agent has not looked yet', problems: [] };
  #database: Database | undefined;
  #rows: Rows = { secrets: [], peers: [] };
  #pid: number | undefined;
  #version: string | undefined;
  #silence: Verdict = 'coturn has not been started yet';
  #served: ServedCertificate | undefined;
  #calm = 0;
  #drainedPid: number | undefined;
  #problem: Verdict;

  constructor({ config, log }: { readonly config: AgentConfig; readonly log: Log }) {
    this.#config = config;
    this.#log = log;
  }

  /** One round. Never rejects: what goes wrong is the problem until a later round. */
  async round(): Promise<void> {
    const problems: string[] = [];
    // One after the other: each stands on what the one before has found.
    const steps: readonly (() => unknown)[] = [
      () => this.#read(),
      () => this.#writeConf(),
      () => this.#writeRows(),
      () => this.#look(),
      () => this.#signal(),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    this.#tell([...this.#wanted.problems, ...problems]);
  }

  /** Whether coturn may be started. */
  starting(): Verdict {
    return existsSync(this.#file(files.conf))
      ? undefined
      : (this.#wanted.waitsFor ?? 'the first round is not over');
  }

  /** Whether clients are served. */
  ready(): Verdict {
    if (this.#silence !== undefined) return this.#silence;
    if (this.#rows.secrets.length === 0) return 'coturn has no secret yet, and refuses everybody';
    if (this.#wanted.settings?.ports.tls !== undefined && this.#served === undefined)
      return 'coturn answers no TLS handshake';
    return undefined;
  }

  /** Lets coturn take no new allocations and end after the last one. Nobody can take it back. */
  drain(): void {
    if (this.isDraining) return;
    writeFileSync(this.#file(files.drain), `${new Date().toISOString()}\n`);
    this.#log.info({}, 'Asked for drain');
  }

  get isDraining(): boolean {
    return existsSync(this.#file(files.drain));
  }

  /** Whether coturn is gone after a drain; asked of the system, not remembered. */
  get hasEnded(): boolean {
    return this.isDraining && coturnPid(this.#config.run) === undefined;
  }

  /** Of coturn's exporter; undefined before the settings are known. */
  get exporterPort(): number | undefined {
    return this.#wanted.settings?.exporterPort;
  }

  status(): AgentStatus {
    const wanted = this.#wanted.secrets ?? [];
    const accepted = [
      ...wanted.filter((secret) => this.#rows.secrets.includes(secret)),
      ...this.#rows.secrets.filter((secret) => !wanted.includes(secret)),
    ];
    return {
      version: this.#version ?? null,
      draining: this.isDraining,
      ended: this.hasEnded,
      secrets: accepted.map(secretHash),
      peersDigest: peersDigest(this.#rows.peers),
      certificate: this.#served ?? null,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #file(name: string): string {
    return join(this.#config.run, name);
  }

  #read(): void {
    const { etc, run, addresses } = this.#config;
    const mounted = readMounted(etc);
    // Those that coturn was started with: newer ones are for the pods that will be made with them.
    const settings = readIfThere(this.#file(files.settings)) ?? mounted.settings;
    this.#wanted = wantedOf({ ...mounted, settings }, { addresses, files: { run, tls: join(etc, 'tls') } });
  }

  /** Written once, after the database: a coturn that crashed must find the ports its pod was scheduled with. */
  #writeConf(): void {
    const { conf, settings } = this.#wanted;
    if (conf === undefined || existsSync(this.#file(files.conf))) return;
    this.#writeRows();
    this.#write(files.settings, JSON.stringify(settings));
    this.#write(files.conf, conf);
    this.#log.info({}, 'Wrote configuration');
  }

  /** Whole, or not at all. */
  #write(name: string, content: string): void {
    writeFileSync(this.#file(`${name}.new`), content);
    renameSync(this.#file(`${name}.new`), this.#file(name));
  }

  #writeRows(): void {
    const { settings } = this.#wanted;
    if (settings === undefined) return;
    this.#database ??= openDatabase(this.#file(files.database), settings.realm);
    const change = rowChange(this.#database.read(), this.#wanted);
    if (change !== undefined) {
      this.#database.write(change);
      this.#log.info(counted(change.add, change.remove), 'Wrote rows');
    }
    this.#rows = this.#database.read();
  }

  async #look(): Promise<void> {
    const { settings } = this.#wanted;
    const [host] = this.#config.addresses;
    const pid = coturnPid(this.#config.run);
    if (pid !== this.#pid) this.#version = pid === undefined ? this.#version : coturnVersion(pid);
    this.#pid = pid;
    if (settings === undefined) return;
    this.#silence = pid === undefined ? 'coturn does not run' : await silenceOf(host, settings);
    await this.#lookAtCertificate(host, settings.ports.tls);
  }

  async #lookAtCertificate(host: string, port: number | undefined): Promise<void> {
    if (port === undefined || this.#silence !== undefined) {
      this.#served = undefined;
      return;
    }
    this.#calm = this.#served?.fingerprint === this.#wanted.fingerprint ? this.#calm + 1 : 0;
    if (this.#calm % calmRounds !== 0) return;
    this.#served = undefined;
    this.#served = await servedCertificate(host, port);
  }

  #signal(): void {
    const signal = signalFor({
      pid: this.#pid,
      answers: this.#silence === undefined,
      isDrainWanted: this.isDraining,
      drainedPid: this.#drainedPid,
      mounted: this.#wanted.fingerprint,
      served: this.#served?.fingerprint,
    });
    if (signal === undefined || this.#pid === undefined) return;
    process.kill(this.#pid, signal.name);
    if (signal.name === 'SIGUSR1') this.#drainedPid = this.#pid;
    this.#log.info({ signal: signal.name, reason: signal.reason }, 'Signalled coturn');
  }

  /** Once for each new one. */
  #tell(problems: readonly string[]): void {
    const problem = problems.length === 0 ? undefined : problems.join('; ');
    if (problem !== undefined && problem !== this.#problem) this.#log.warn({ problem }, 'Found a problem');
    if (problem === undefined && this.#problem !== undefined) this.#log.info({}, 'Found no problem any more');
    this.#problem = problem;
  }
}

function counted(added: Rows, removed: Rows): object {
  return {
    secretsAdded: added.secrets.map(secretHash),
    secretsRemoved: removed.secrets.map(secretHash),
    peersAdded: added.peers,
    peersRemoved: removed.peers,
  };
}
