/** The catalogue of conditions against the code that gives the reasons. */
import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditionHelp, podReasons } from '../../../../operator/desired/conditions/help/catalogue.ts';
import { podRemedy, remedyOf } from '../../../../operator/desired/conditions/help/remedy.ts';
import { turnConditionHelp } from '../../../../operator/desired/conditions/help/turn.ts';
import type { ConditionHelp, ReasonHelp } from '../../../../operator/desired/conditions/help/help.ts';
import { limits } from '../../../../operator/fleet/scale/limit.ts';
import { drainReasons } from '../../../../operator/api/spec/drain.ts';

const root = join(import.meta.dirname, '../../../..');
const onTurnServers: Readonly<Record<string, ConditionHelp>> = turnConditionHelp;
const sections: readonly ReasonHelp[] = [
  ...Object.values(conditionHelp),
  ...Object.values(onTurnServers),
  ...Object.values(podReasons),
];
const told = new Set(
  sections.flatMap(({ well = [], passing = [], toDo = {} }) => [...well, ...passing, ...Object.keys(toDo)]),
);

/** What decides for people: of these, every reason may end up in a condition. */
const deciding = [
  ...['operator/fleet/**/*.ts', 'operator/desired/**/*.ts', 'operator/reconcile/problem.ts'],
  'operator/turn/**/*.ts',
];
/** How a reason is written there: as a field, or as the first argument of what makes one. */
const written =
  /(?:\breason:[^,;{}|:]*?|\b(?:closed|lack|no|off|still|unknown|waiting)\(\s*)'([A-Z][A-Za-z]+)'/g;
const second = /\breason:[^,;{}|:]*?'[A-Z][A-Za-z]+' : '([A-Z][A-Za-z]+)'/g;

/** Reasons of events, audit lines and of what was decided: they are told with what was done, and ask nothing. */
const elsewhere = new Set([
  ...[
    'CanaryPassed',
    'RolloutDone',
    'Outdated',
    'Unknown',
    'Cordoned',
    'NodeSelector',
    'PortTaken',
    'Tainted',
  ],
  ...['Draining', 'AboveMaxPods', 'AboveTarget', 'BelowMinPods', 'BelowTarget', 'LargestCall'],
]);

function reasonsInCode(): string[] {
  const files = globSync([...deciding], { cwd: root, exclude: (name) => name.includes('conditions/help') });
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(written), ...text.matchAll(second)]);
  return [...new Set(found.flatMap(([, reason]) => reason ?? []))].toSorted();
}

test('every reason that the code gives is told with what to do', () => {
  const found = reasonsInCode();
  expect(found.length).toBeGreaterThan(90);
  expect(found.filter((reason) => !told.has(reason) && !elsewhere.has(reason))).toEqual([]);
});

test('no reason is told that the code does not know', () => {
  const files = globSync('operator/**/*.ts', {
    cwd: root,
    exclude: (name) => name.includes('conditions/help'),
  });
  const code = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  // Words of Kubernetes itself, which we pass on.
  const foreign = ['SchedulingGated', 'CreateContainerConfigError', 'Evicted', 'Forbidden', 'Invalid'];
  expect([...told].filter((reason) => !code.includes(`'${reason}'`) && !foreign.includes(reason))).toEqual(
    [],
  );
});

test('so are the limits of scaling and the reasons of a drain', () => {
  const all: readonly string[] = [...limits, ...drainReasons];
  expect(all.filter((reason) => !told.has(reason))).toEqual([]);
});

test('what to do about a pod of a TurnServer names fields of a TurnServer', () => {
  const condition = { type: 'EndpointsPublished', status: 'False', reason: 'ImageUnavailable' } as const;
  const whole = { ...condition, message: '', lastTransitionTime: '2026-11-23T12:00:00Z' };
  expect(remedyOf('TurnServer', whole).toDo).toMatch(/^Correct `image`, give `imagePullSecrets`/);
  expect(remedyOf('RTCCluster', whole).toDo).toContain('`engine.image`');
  expect(podRemedy('ImageUnavailable', 'TurnServer')).toBe(remedyOf('TurnServer', whole).toDo);
});

test('a coturn without an exporter asks for something and is no failure; one that is silent is', () => {
  const condition = { type: 'AllocationsObservable', status: 'False', reason: 'NoExporter' } as const;
  const whole = { ...condition, message: '', lastTransitionTime: '2026-11-23T12:00:00Z' };
  expect(remedyOf('TurnServer', whole).urgency).toBe('Attention');
  expect(remedyOf('TurnServer', { ...whole, reason: 'PodsSilent' }).urgency).toBe('Broken');
});
