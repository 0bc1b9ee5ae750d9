/** A real Prometheus that scrapes every second, and its promtool. */
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

/** One line over a time: seconds since the epoch and values. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, number])[];
}

/** Times in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What is scraped as one job. */
export interface Job {
  readonly name: string;
  readonly url: string;
  /** What discovery would add to its series. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Sent as a bearer token. */
  readonly token?: string;
  /** Labels of a scraped series win over those of the target. Default false. */
  readonly honorsLabels?: boolean;
}

/** A running Prometheus. */
export interface Prometheus {
  readonly url: string;
  /** The values of an expression now; rejects with Prometheus' words when it is none. */
  query(expression: string): Promise<readonly Sample[]>;
  /** The same over a time. */
  queryRange(expression: string, range: Range): Promise<readonly Series[]>;
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
export function startPrometheus(url: string): Promise<Prometheus> {
  return startPrometheusOf([{ name: 'rtcd', url }]);
}

/** Starts one that scrapes all of them; `rules` is the text of a rules file. */
export function startPrometheusOf(jobs: readonly Job[], rules?: string): Promise<Prometheus> {
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: jobs.map(scrapeConfig),
    ...(rules !== undefined && { rule_files: ['rules.yml'] }),
  };
  return startPrometheusWith(config, rules === undefined ? {} : { 'rules.yml': rules });
}

/** Starts one with this configuration, beside which these files are: names to text. */
export async function startPrometheusWith(
  config: object,
  files: Readonly<Record<string, string>> = {},
): Promise<Prometheus> {
  const dir = mkdtempSync(join(tmpdir(), 'rtc-prometheus-'));
  const port = await freePort();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  writeFileSync(join(dir, 'prometheus.yml'), JSON.stringify(config));
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
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => ((await fetch(`${url}/-/ready`)).ok ? undefined : said.slice(-500)));
  return {
    url,
    query: async (expression) => {
      const found = await ask<[number, string]>(url, 'query', { query: expression });
      return found.map(({ metric, value }) => ({ metric, value: Number(value?.[1]) }));
    },
    queryRange: async (expression, { start, end, step }) => {
      const times = { start: String(start), end: String(end), step: String(step) };
      const found = await ask<[number, string]>(url, 'query_range', { query: expression, ...times });
      return found.map(({ metric, values = [] }) => ({
        metric,
        values: values.map(([time, value]) => [time, Number(value)] as const),
      }));
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

function scrapeConfig({ name, url, labels = {}, token, honorsLabels = false }: Job): object {
  return {
    job_name: name,
    honor_labels: honorsLabels,
    static_configs: [{ targets: [new URL(url).host], labels }],
    ...(token !== undefined && { authorization: { credentials: token } }),
  };
}

async function ask<T>(
  url: string,
  path: 'query' | 'query_range',
  asked: Readonly<Record<string, string>>,
): Promise<readonly { metric: Readonly<Record<string, string>>; value?: T; values?: readonly T[] }[]> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(asked).toString()}`);
  const answer = (await response.json()) as {
    readonly error?: string;
    readonly data?: { readonly result: Awaited<ReturnType<typeof ask<T>>> };
  };
  if (answer.data === undefined) throw new Error(`${asked['query'] ?? ''}: ${answer.error ?? 'no answer'}`);
  return answer.data.result;
}
