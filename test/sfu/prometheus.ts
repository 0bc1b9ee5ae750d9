/** A real Prometheus that scrapes one server every second, and its promtool. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureUnpacked } from '../setup/debianProgram.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/ports.ts';

/** One value of an answer. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A running Prometheus. */
export interface Prometheus {
  /** The values of an expression now; rejects with Prometheus' words when it is none. */
  query(expression: string): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

const programs = async (): Promise<string> =>
  join(await ensureUnpacked('prometheus', () => undefined), 'usr/bin');

/** What promtool's lint says of metrics in text, one line each. */
export async function lintMetrics(text: string): Promise<readonly string[]> {
  const child = spawn(join(await programs(), 'promtool'), ['check', 'metrics'], { stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  child.stdin.end(text);
  await new Promise((resolve) => child.once('close', resolve));
  return said.split('\n').filter((line) => line !== '');
}

/** Starts one that scrapes `url`. */
export async function startPrometheus(url: string): Promise<Prometheus> {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-prometheus-'));
  const port = await freePort();
  const { host } = new URL(url);
  writeFileSync(
    join(dir, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [{ job_name: 'rtcd', static_configs: [{ targets: [host] }] }],
    }),
  );
  const child = spawn(
    join(await programs(), 'prometheus'),
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const api = `http://127.0.0.1:${port}`;
  await eventually(async () => ((await fetch(`${api}/-/ready`)).ok ? undefined : said.slice(-500)));
  return {
    query: (expression) => query(api, expression),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

async function query(api: string, expression: string): Promise<Sample[]> {
  const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const answer = (await response.json()) as {
    readonly error?: string;
    readonly data?: {
      readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
    };
  };
  if (answer.data === undefined) throw new Error(`${expression}: ${answer.error ?? 'no answer'}`);
  return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}
