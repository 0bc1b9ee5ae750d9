import { describe, expect, test } from '@jest/globals';
import type { DashboardDefinition, PanelDefinition } from '../../../charts/monitoring/definition.ts';
import { pictureOf } from '../../../charts/monitoring/picture/picture.ts';
import type { Line } from '../../../charts/monitoring/picture/plot.ts';
import { inUnit } from '../../../charts/monitoring/picture/units.ts';

const panel: PanelDefinition = {
  ...{ id: 1, kind: 'timeseries', title: 'Sessions', unit: 'none' },
  ...{ description: 'How many', queries: [] },
};

function drawn(one: Partial<PanelDefinition>, lines: readonly Line[]): string {
  const definition: DashboardDefinition = {
    ...{ uid: 'rtc-test', title: 'Calls & <people>', description: 'Who is there?' },
    ...{ variables: [], marks: [], exemptions: [] },
    rows: [{ title: 'Now', panels: [{ ...panel, ...one }] }],
  };
  const places = new Map([[1, { x: 0, y: 1, w: 12, h: 8 }]]);
  const ran = 'In a test.';
  return pictureOf({ definition, lines: new Map([[1, lines]]), places, heads: [], ran, from: 0, to: 100 });
}

describe('a picture of a dashboard', () => {
  test('says that it is not from Grafana, and what ran', () => {
    expect(drawn({}, [])).toMatch(/not by Grafana\. In a test\./);
  });

  test('is valid where a title has what XML means otherwise', () => {
    expect(drawn({}, [])).toContain('Calls &amp; &lt;people&gt;');
  });

  test('has a line for each series, which is interrupted where there was no number', () => {
    const points = [[0, 1] as const, [50, Number.NaN] as const, [60, 2] as const, [100, 3] as const];
    const picture = drawn({}, [{ label: 'calls', points }]);
    const [, path = ''] = /<path d="([^"]*)"/.exec(picture) ?? [];
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(1);
    expect(picture).toContain('>calls</text>');
  });

  test('lays lines upon each other where the panel does', () => {
    const line = (label: string, value: number): Line => ({
      label,
      points: [
        [0, value],
        [100, value],
      ],
    });
    const path = (isStacked: boolean): string[] =>
      [...drawn({ isStacked }, [line('a', 1), line('b', 1)]).matchAll(/<path d="([^"]*)"/g)].map(
        ([, d = '']) => d,
      );
    expect(path(false)[0]).toBe(path(false)[1]);
    expect(path(true)[0]).not.toBe(path(true)[1]);
  });

  test('shows the last number of a stat, red from where it is bad', () => {
    const lines = [{ label: 'x', points: [[0, 7] as const, [100, 3] as const] }];
    expect(drawn({ kind: 'stat', badFrom: 1 }, lines)).toMatch(/fill="#c2342b"[^>]*>3</);
    expect(drawn({ kind: 'stat', badFrom: 1, isBadBelow: true }, lines)).toMatch(/fill="#2a8a4f"[^>]*>3</);
    expect(drawn({ kind: 'stat' }, [])).toContain('>nothing<');
  });

  test('counts the lines that the legend has no room for', () => {
    const lines = Array.from({ length: 12 }, (_, at): Line => ({ label: `pod ${at}`, points: [[0, at]] }));
    expect(drawn({}, lines)).toContain('>and 5 more<');
  });
});

test.each([
  [0, 'none', '0'],
  [1234, 'none', '1.23 k'],
  [0.421, 'percentunit', '42.1 %'],
  [0.0123, 's', '12.3 ms'],
  [90 * 86_400, 's', '90 d'],
  [5e7, 'bytes', '50 MB'],
  [0, 's', '0 s'],
  [12.5, 'pps', '12.5 p/s'],
] as const)('%d as %s is %s', (value, unit, text) => {
  expect(inUnit(value, unit)).toBe(text);
});
