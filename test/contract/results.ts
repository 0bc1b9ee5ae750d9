/** Pure: what a run of the scenarios came to, and the page that shows both servers' runs side by side. */
import type { Quirk, ServerKind } from './quirk.ts';

/** One scenario on one server. */
export interface Result {
  readonly name: string;
  readonly spec: string;
  readonly group: string;
  readonly quirk?: Quirk;
  /** Why it did not pass; left out when it did. */
  readonly failure?: string;
}

/** A whole run, as it is kept in `docs/evidence/conformance/`. */
export interface RunRecord {
  readonly server: ServerKind;
  readonly command: string;
  readonly commit: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly seconds: number;
  readonly results: readonly Result[];
}

/** Passed and failed, as the last line says them. */
export function countsOf(results: readonly Result[]): { readonly passed: number; readonly failed: number } {
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  return { passed: results.length - failed, failed };
}

/** Results in the order of `names`, so that a run's file changes only where its results do. */
export function inOrder(results: readonly Result[], names: readonly string[]): readonly Result[] {
  const place = new Map(names.map((name, index) => [name, index]));
  return [...results].sort((one, other) => (place.get(one.name) ?? 0) - (place.get(other.name) ?? 0));
}

/** The text of `docs/conformance.md`. */
export function renderPage(rtcd: RunRecord, ours: RunRecord): string {
  const rows = ours.results.length > rtcd.results.length ? ours.results : rtcd.results;
  return [
    '# Conformance',
    '',
    'One set of scenarios runs unchanged against the real rtcd 1.2.6 (its own Go package, `test/contract/reference/`) and against our SFU,',
    'each as a process of its own on loopback. Drawn from `docs/evidence/conformance/*.json`, which `npm run conformance -- --server=rtcd`',
    'and `-- --server=ours` write. Do not edit.',
    '',
    '| server | passed | failed | run |',
    '| --- | --- | --- | --- |',
    summaryRow('rtcd 1.2.6', rtcd),
    summaryRow('ours', ours),
    '',
    ...differences(rows),
    '## All scenarios',
    '',
    'The spec column is the section of the wire spec. "as documented" means that the server showed the behaviour that the list above states for it.',
    '',
    '| group | scenario | spec | rtcd 1.2.6 | ours |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.group} | ${cell(row.name)} | ${row.spec} | ${verdict(rtcd, row.name)} | ${verdict(ours, row.name)} |`,
    ),
    '',
  ].join('\n');
}

function summaryRow(title: string, record: RunRecord): string {
  const { passed, failed } = countsOf(record.results);
  const run = `\`${record.command}\` at ${record.commit}, ${record.date.slice(0, 10)}, ${Math.round(record.seconds)} s on ${record.machine}`;
  return `| ${title} | ${passed} | ${failed} | ${run} |`;
}

function differences(rows: readonly Result[]): readonly string[] {
  const quirks = rows.flatMap(({ name, spec, quirk }) =>
    quirk === undefined ? [] : [{ name, spec, quirk }],
  );
  return [
    '## Deliberate differences',
    '',
    'Every other scenario passes on both servers by the same steps. In these the steps tell which behaviour was seen, and each server must show its own.',
    '',
    '| scenario | spec | rtcd 1.2.6 | ours | why |',
    '| --- | --- | --- | --- | --- |',
    ...quirks.map(
      ({ name, spec, quirk }) =>
        `| ${cell(name)} | ${spec} | ${cell(quirk.rtcd)} | ${cell(quirk.ours)} | ${cell(quirk.reason)} |`,
    ),
    '',
  ];
}

function verdict({ results }: RunRecord, name: string): string {
  const result = results.find((one) => one.name === name);
  if (result === undefined) return 'not run';
  if (result.failure !== undefined) return `**failed**: ${cell(result.failure.split('\n')[0] ?? '')}`;
  return result.quirk === undefined ? 'passed' : 'as documented';
}

/** Bars would end a table's cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
