/** Reads Prometheus text (wire spec 8). */
import { ask } from '../http.ts';
import type { ServerUnderTest } from '../server.ts';

/** One line of the text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of a server. */
export async function samplesOf(server: ServerUnderTest): Promise<readonly Sample[]> {
  const { text } = await ask(server, '/metrics');
  return text.split('\n').flatMap((line) => sampleOf(line) ?? []);
}

/** The value with exactly these labels; 0 when there is none, as a query would have it. */
export async function gauge(
  server: ServerUnderTest,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<number> {
  const wanted = Object.entries(labels).sort().join();
  const found = (await samplesOf(server)).find(
    (sample) => sample.name === name && Object.entries(sample.labels).sort().join() === wanted,
  );
  return found?.value ?? 0;
}

function sampleOf(line: string): Sample | undefined {
  const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
}
