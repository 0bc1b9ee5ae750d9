/**
 * A machine of the cluster: a tree of processes in namespaces of its own, which
 * can lose its power. Its programs are children of ours, so that we learn when one ends.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { run } from '../setup/run.ts';
import type { Finished } from '../setup/run.ts';
import { childOf, identify, kill } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

/** What a machine is made of. */
export interface MachineOptions {
  readonly name: string;
  /** Named network namespace. */
  readonly namespace: string;
  readonly logDir: string;
  /** Of machineInit.sh, behind the name. */
  readonly initArgs: readonly string[];
  /** Told of the processes of every start, before any program runs. */
  readonly onStart: (processes: readonly ProcessIdentity[]) => void;
  /** Told when a program ends while the machine has power. */
  readonly onFailure: (error: Error) => void;
}

/** A program to run on it. */
export interface Program {
  /** Names its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const initScript = join(import.meta.dirname, 'machineInit.sh');

/** See above. */
export class Machine {
  readonly name: string;
  readonly #options: MachineOptions;
  #processes: readonly ProcessIdentity[] = [];
  #init: ProcessIdentity | undefined;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.#options = options;
    mkdirSync(options.logDir, { recursive: true });
  }

  get hasPower(): boolean {
    return this.#init !== undefined;
  }

  /** Resolves when its namespaces and mounts are there. */
  async powerOn(): Promise<void> {
    const { namespace, initArgs, onStart } = this.#options;
    const unshare =
      'unshare --pid --fork --kill-child=KILL --mount --propagation private --mount-proc --uts --ipc';
    const log = openSync(this.logOf('init'), 'a');
    const child = spawn(
      'nsenter',
      [`--net=/run/netns/${namespace}`, ...unshare.split(' '), 'sh', initScript, this.name, ...initArgs],
      { detached: true, stdio: ['pipe', 'pipe', log] },
    );
    closeSync(log);
    await this.#ready(child);
    const init = childOf(child.pid ?? 0);
    const outer = identify(child.pid ?? 0);
    if (init === undefined || outer === undefined) throw await this.#failure('init', 'ended at once');
    this.#processes = [init, outer];
    onStart(this.#processes);
    this.#init = init;
    release(child);
  }

  async #ready(child: ChildProcess): Promise<void> {
    const isReady = await new Promise<boolean>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve(false));
      child.stdout?.once('data', () => resolve(true));
    });
    if (!isReady) throw await this.#failure('init', 'could not set up its namespaces');
  }

  /** Ends every process of it at once, with no chance to say good-bye. */
  async powerOff(): Promise<void> {
    this.#init = undefined;
    for (const process of this.#processes) await kill(process);
    this.#processes = [];
  }

  /** Starts a program that is to run as long as the machine does. */
  start(program: Program): void {
    const init = this.#init;
    const log = openSync(this.logOf(program.name), 'a');
    const child = spawn('nsenter', [...this.#enter(), program.command, ...program.args], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    release(child);
    const ended = (how: string): void => {
      if (this.#init !== init) return; // Power is off, or off and on again.
      void this.#failure(program.name, how).then(this.#options.onFailure);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(`ended with ${code ?? signal ?? 'unknown'}`));
  }

  /** Runs a command on it to its end. */
  async run(command: string, args: readonly string[]): Promise<Finished> {
    return run('nsenter', [...this.#enter(), command, ...args]);
  }

  /** The file that a program of it writes to. */
  logOf(program: string): string {
    return join(this.#options.logDir, `${program}.log`);
  }

  #enter(): readonly string[] {
    if (this.#init === undefined) throw new Error(`${this.name} has no power`);
    return ['--target', String(this.#init.pid), '--mount', '--uts', '--ipc', '--net', '--pid', '--'];
  }

  async #failure(program: string, how: string): Promise<Error> {
    const log = this.logOf(program);
    const tail = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-15).join('\n');
    return new Error(`${program} on ${this.name} ${how}; the end of ${log}:\n${tail}`);
  }
}

/** Lets our process end while the child runs: what then becomes of the child is the reaper's business. */
export function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if (stream instanceof Socket) stream.unref();
}
