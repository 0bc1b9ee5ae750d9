import { expect, test } from '@jest/globals';

import { isThere, turnParts } from '../../../demo/story/kinds.ts';
import { turnChildren } from '../../../operator/desired/turn/children.ts';
import { turnservers } from '../../../operator/kube/resources.ts';
import type { ToolRunner } from '../../cluster/toolRunner.ts';
import { aTurnServer } from '../../support/turnservers.ts';

test('whatever a TurnServer of the story consists of is taken away at its end', () => {
  const { createOnce, kept } = turnChildren(aTurnServer(), {
    ...{ agentKeys: { adminKey: 'a', metricsKey: 'b' }, secret: 'shared', uris: ['turn:edge'], peers: [] },
    canIssue: true,
  });
  const kinds = [...createOnce, ...kept].map(({ kind }) => `${kind.toLowerCase()}s`);
  const removed = turnParts.split(',').map((part) => part.split('.')[0]);
  expect(new Set(kinds).size).toBeGreaterThan(2);
  expect(removed).toEqual(expect.arrayContaining(['pods', ...kinds]));
});

/** kubectl of a cluster in which a few things can be got; what it was asked is kept. */
function played(objects: readonly string[]): { readonly tools: ToolRunner; readonly asked: string[] } {
  const asked: string[] = [];
  const never = (): Promise<string> => Promise.reject(new Error('kubectl get is enough'));
  const kubectl = (...args: readonly string[]): Promise<string> => {
    const what = args.slice(1, 3).join('/');
    asked.push(what);
    return Promise.resolve(objects.includes(what) ? `${what}\n` : '');
  };
  return { asked, tools: { kubectl, kubectlWithInput: never, helm: never } };
}

const definition = 'crd/turnservers.rtc.progressnet.gr';
const object = 'turnservers.rtc.progressnet.gr/edge';

test.each([
  { why: 'the definition is missing, and then the object is not asked for', has: [], asks: [definition] },
  { why: 'the object is missing', has: [definition], asks: [definition, object] },
  { why: 'both are there', has: [definition, object], asks: [definition, object] },
])('an object is there or not: $why (kubectl played)', async ({ has, asks }) => {
  const { tools, asked } = played(has);
  expect(await isThere(tools, turnservers, 'edge')).toBe(has.includes(object));
  expect(asked).toEqual(asks);
});
