import { expect, test } from '@jest/globals';
import { referencePage } from '../../crds/reference.ts';
import { rtcClusterCrd, turnServerCrd } from '../../operator/api/crd.ts';
import { specLeaves } from '../operator/fields/leaves.ts';

const page = referencePage([rtcClusterCrd(), turnServerCrd()]);

test('every field of an RTCCluster has a row with its meaning', () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+)` \|.*\| (.*) \|$/gm)].map(([, name, text]) => [name, text]),
  );
  const names = specLeaves().map(({ path }) => path.replace(/\[\]$/, ''));
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => (rows.get(name) ?? '') === '')).toEqual([]);
});

test('a row tells type, limits and default', () => {
  expect(page).toContain('| `drain.timeoutSeconds` | integer 30 to 604800 | `18000` |');
  expect(page).toContain('| `scaling.schedules[].cron` | string, at most 100 characters | *required* |');
});

test('what the API server refuses stands below the section that it is about', () => {
  const section = page.split('### ').find((text) => text.startsWith('RTCCluster spec.network'));
  expect(section).toContain('- network.apiPort must differ from network.media.udpPort');
});
