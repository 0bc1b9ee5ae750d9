/** Every panel of every dashboard, asked of a real Prometheus that scrapes a real SFU with calls on it and a real operator; coturn's exporter is played. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { alertGroups, alerts } from '../../../charts/monitoring/alerts/groups.ts';
import { dashboards } from '../../../charts/monitoring/dashboards.ts';
import { panelsOf } from '../../../charts/monitoring/definition.ts';
import { rulesFile } from '../../../charts/monitoring/rules.ts';
import { pods } from '../../../operator/kube/resources.ts';
import { startSfu, type SfuProcess } from '../../sfu/process.ts';
import { startPrometheusOf, startPrometheusWith, type Prometheus } from '../../sfu/prometheus.ts';
import { eventually } from '../../support/eventually.ts';
import { asked } from './asked.ts';
import { startCalls, type Calls } from './calls.ts';
import { discovered, documentedConfig } from './documentedConfig.ts';
import { playedCoturn, startExporter, type Exporter } from './exporter.ts';
import { keepPictures } from './pictures.ts';
import { endOfTheDrain, liveThroughALittle, startFleetStage, type FleetStage } from './fleetStage.ts';

/** Of Prometheus' API. */
interface Target {
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
}

let fleet: FleetStage;
let sfu: SfuProcess;
let coturn: Exporter;
let calls: Calls;
let prometheus: Prometheus;
/** Seconds since the epoch: when calls began. */
let begun: number;

beforeAll(async () => {
  fleet = await startFleetStage();
  sfu = await startSfu();
  const startedMs = performance.now();
  coturn = await startExporter(() => playedCoturn((performance.now() - startedMs) / 1000));
  const place = { namespace: 'monitored' };
  prometheus = await startPrometheusOf([
    { name: 'operator', url: fleet.metrics.url, honorsLabels: true },
    { name: 'sfu', url: sfu.url, labels: { ...place, cluster: 'calls' } },
    { name: 'turn', url: coturn.url, labels: { ...place, turnserver: 'edge' } },
  ]);
  begun = Math.floor(Date.now() / 1000);
  calls = await startCalls(sfu.url);
  await liveThroughALittle(fleet);
}, 240_000);

afterAll(async () => {
  await keepPictures(prometheus, begun);
  calls.stop();
  await prometheus.stop();
  await coturn.close();
  await sfu.stop();
  await fleet.stop();
}, 240_000);

const waiting = { timeoutMs: 40_000, intervalMs: 500 };

/** What is missing of an answer with numbers in it. */
async function noNumber(expr: string): Promise<string | undefined> {
  const samples = await prometheus.query(asked(expr));
  if (samples.some(({ value }) => !Number.isNaN(value))) return undefined;
  return `a number for ${asked(expr)} among ${JSON.stringify(samples).slice(0, 300)}`;
}

describe.each(Object.entries(dashboards))('the dashboard %s', (_, definition) => {
  test.each(panelsOf(definition).map((panel) => [panel.title, panel] as const))(
    '%s',
    async (_title, { queries }) => {
      for (const { expr } of queries) await eventually(() => noNumber(expr), waiting);
    },
    120_000,
  );
});

/** Metrics with what stands in their braces. */
const selectors = new Set(
  alerts.flatMap(({ expr }) =>
    [...expr.matchAll(/\b(?:rtc|turn)_[a-z_]+(?:\{[^}]*\})?/g)].map(([one]) => one),
  ),
);

test.each([...selectors])(
  'what alerts look at is there, with these labels: %s',
  async (selector) => {
    await eventually(async () => {
      const found = await prometheus.query(`last_over_time(${selector}[5m])`);
      return found.length > 0 ? undefined : selector;
    }, waiting);
  },
  60_000,
);

test('a decision is a mark over the panels of the fleet at the time when it was made', async () => {
  const [mark] = dashboards['fleet']!.marks;
  const end = Date.now() / 1000;
  const series = await prometheus.queryRange(asked(mark!.expr), { start: end - 300, end, step: 5 });
  const directions = series.map(({ metric }) => metric['direction']);
  expect(directions).toEqual(expect.arrayContaining(['up', 'down']));
});

test('the stages of a life are in the panels: a drain that ended, and no session lost', async () => {
  await endOfTheDrain(fleet);
  await eventually(async () => {
    const ended = await prometheus.query('sum(rtc_drain_seconds_count{outcome="Completed"})');
    return (ended[0]?.value ?? 0) >= 1 ? undefined : 'a drain that was completed';
  }, waiting);
  const dropped = await prometheus.query('sum(rtc_sessions_dropped_total)');
  expect(dropped.map(({ value }) => value)).toEqual([0]);
}, 120_000);

test('series about clusters keep the namespace of their cluster, not that of the operator', async () => {
  const [published] = await prometheus.query('rtc_cluster_pods{state="Published"}');
  expect(published?.metric).toMatchObject({ namespace: 'monitored', cluster: 'calls', job: 'operator' });
});

test('the configuration that the documentation shows takes the right ports of pods, and names them as the dashboards want it; discovery is played', async () => {
  const { items } = await fleet.stage.kube.list(pods, { namespace: 'monitored', limit: 100 });
  const config = documentedConfig(items.flatMap(discovered), 'key');
  const own = await startPrometheusWith(config, { key: 'key', 'alerts.yaml': rulesFile(alertGroups) });
  const targets = async (): Promise<readonly Target[]> => {
    const answer = await fetch(`${own.url}/api/v1/targets?state=active`);
    return ((await answer.json()) as { data: { activeTargets: readonly Target[] } }).data.activeTargets;
  };
  try {
    await eventually(async () => {
      const jobs = new Set((await targets()).map(({ labels }) => labels['job']));
      return jobs.has('rtc-sfu') && jobs.has('rtc-turn') ? undefined : [...jobs].join();
    }, waiting);
    const sfus = (await targets()).filter(({ labels }) => labels['job'] === 'rtc-sfu');
    for (const { scrapeUrl, labels } of sfus) {
      expect(scrapeUrl).toMatch(/^https:.*\/metrics$/);
      expect(labels).toMatchObject({ namespace: 'monitored', cluster: 'calls' });
      expect([labels['node'], labels['pod']].join()).toMatch(/^f\d,calls-sfu-\d$/);
    }
    const turns = (await targets()).filter(({ labels }) => labels['job'] === 'rtc-turn');
    for (const { scrapeUrl, labels } of turns) {
      expect(scrapeUrl).toMatch(/:8446\/metrics$/);
      expect(labels).toMatchObject({ namespace: 'monitored', turnserver: 'edge' });
    }
  } finally {
    await own.stop();
  }
}, 60_000);
