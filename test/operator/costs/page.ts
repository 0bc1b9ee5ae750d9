/** Pure: evidence → what stands between the marks of `docs/operator-costs.md`. */
import { verdictOf } from '../../bench/bars.ts';
import type { Evidence } from '../../setup/figures.ts';
import { costBars, type CostBar } from './bars.ts';

const [begin, end] = ['<!-- costs: drawn by `npm run generate` from docs/evidence -->', '<!-- /costs -->'];

type All = ReadonlyMap<string, Evidence>;

/** Throws when the page has no marks. */
export function costsPage(page: string, all: All): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/operator-costs.md lacks the marks ${begin} and ${end}`);
  const parts = [begin, barTable(all), idleTable(all), sources(all)].filter((part) => part !== '');
  return `${page.slice(0, from)}${parts.join('\n\n')}\n\n${page.slice(to)}`;
}

function barTable(all: All): string {
  const rows = costBars.map((bar) => {
    const seen = all.get(bar.evidence)?.values[bar.figure];
    const unit = bar.unit === '' ? '' : ` ${bar.unit}`;
    const figure = typeof seen === 'number' ? `${seen}${unit}` : 'not measured';
    return `| ${bar.id} | ${bar.what} | ${bar.must}${unit} | ${bar.aim}${unit} | ${figure} | ${standing(bar, seen)} |`;
  });
  return ['| | what | must | aim | measured | |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function standing(bar: CostBar, seen: unknown): string {
  return typeof seen === 'number' ? verdictOf(bar, seen) : '';
}

/** Requests a minute while nothing happens. */
function idleTable(all: All): string {
  const counts = all.get('operator-costs')?.values['idleRequestsPerMinute'];
  if (typeof counts !== 'object' || counts === null) return '';
  const rows = Object.entries(counts).map(
    ([call, perMinute]) => `| ${call} | ${JSON.stringify(perMinute)} |`,
  );
  return ['| request at rest | a minute |', '| --- | --- |', ...rows].join('\n');
}

function sources(all: All): string {
  const names = [...new Set(costBars.map(({ evidence }) => evidence))];
  const lines = names.flatMap((name) => {
    const found = all.get(name);
    if (found === undefined) return [];
    const { command, commit, date, machine, values } = found;
    const load = values['machineLoad'];
    const under = typeof load === 'number' ? `, under a load of ${load}` : '';
    return [`- \`${command}\` at ${commit}, ${date.slice(0, 10)}, on ${machine}${under}`];
  });
  return lines.join('\n');
}
