import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Io } from '../../../operator/cli/io.ts';
import type { Session } from '../../../operator/cli/session.ts';
import { plan as planVerb } from '../../../operator/cli/verbs/look.ts';
import { plainStyle } from '../../../operator/cli/text.ts';
import { newPlanView } from '../../../operator/cli/views/newPlan.ts';
import { planText } from '../../../operator/cli/views/planText.ts';
import { nowMs } from '../../support/pods.ts';

/** What `plan -f` says of a manifest that nobody has applied yet. */
function plan(kind: string, spec: object): string {
  const manifest = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind, metadata: { name: 'new' }, spec };
  return planText(newPlanView({ namespace: 'team', manifest }, nowMs), plainStyle);
}

describe('a plan of what is not there yet', () => {
  test('says so, that the spec can be read, and how many pods it asks for', () => {
    expect(plan('RTCCluster', { replicas: 3 })).toMatch(
      /^RTCCluster team\/new: it is not there yet. Its spec can be read, and asks for 3 pods\n/,
    );
    expect(plan('RTCCluster', { scaling: { mode: 'Auto', minPods: 2, maxPods: 5 } })).toContain('2 pods');
    expect(plan('RTCCluster', { replicas: 0 })).toContain('asks for 0 pods');
    expect(plan('TurnServer', { placement: { replicas: 2 } })).toContain('asks for 2 pods');
    expect(plan('TurnServer', { placement: { mode: 'EveryNode' } })).toContain('a pod on every node');
  });

  test('names the field that cannot be read', () => {
    expect(plan('RTCCluster', { replicas: 'three' })).toMatch(/The spec cannot be read: spec.replicas: /);
  });
});

describe('the object of a file', () => {
  let dir = '';
  let file = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rtc-plan-'));
    file = join(dir, 'new.yaml');
    const metadata = { name: 'new', namespace: 'other' };
    const kind = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' };
    await writeFile(file, JSON.stringify({ ...kind, metadata, spec: { replicas: 1 } }));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const io = { isTerminal: false, env: {}, nowMs: () => nowMs } as unknown as Io;
  const asked: (string | undefined)[] = [];
  const session = {
    namespace: 'team',
    all: (_resource: unknown, { namespace }: { readonly namespace?: string }) => {
      asked.push(namespace);
      return Promise.resolve([]);
    },
  } as unknown as Session;

  test('is looked for in the namespace that the file names', async () => {
    const { text } = await planVerb(session, io, { target: undefined, file });
    expect(asked).toEqual(['other']);
    expect(text).toMatch(/^RTCCluster other\/new: it is not there yet/);
  });

  test('is not taken for another that the command line names', async () => {
    await expect(planVerb(session, io, { target: 'typo', file })).rejects.toThrow('no RTCCluster typo');
  });
});
