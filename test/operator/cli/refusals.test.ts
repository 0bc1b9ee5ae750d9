/** What is typed wrongly is refused with the option or the name that is wrong, and with what would be right. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CliError, exitCodes } from '../../../operator/cli/io.ts';
import { oneOf, type Session } from '../../../operator/cli/session.ts';
import { status } from '../../../operator/cli/verbs/status.ts';
import type { KubeObject, Resource, Selection } from '../../../operator/kube/api.ts';
import { ForbiddenError } from '../../../operator/kube/errors.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { runCli } from '../../support/cli.ts';

const kubeconfig = join(import.meta.dirname, 'kubeconfig.yaml');
const typed = (...words: readonly string[]) => runCli([...words, '--kubeconfig', kubeconfig]);

describe('an option', () => {
  test.each([
    [['drain', 'calls-sfu-0', '--wait', '--timeout', '5x'], '--timeout: "5x" is no duration: write 90s'],
    [
      ['drain', 'calls-sfu-0', '--deadline', 'soon'],
      '--deadline: "soon" is no time: write 2027-01-12T14:00:00Z',
    ],
    [
      ['reserve', '--name', 'a', '--sessions', '2', '--end', '+1h', '--start', 'noon'],
      '--start: "noon" is no time',
    ],
    [
      ['reserve', '--name', 'a', '--sessions', '2', '--start', '+1h', '--end', '2h'],
      '--end: "2h" is no time',
    ],
    [
      ['reserve', '--name', 'a', '--sessions', 'many', '--start', '+1h', '--end', '+2h'],
      '--sessions many is no number of people: write a whole number, such as 200',
    ],
    [
      ['reserve', '--remove', 'a', '--sessions', '2'],
      '--remove takes a reservation back: leave out --sessions',
    ],
    [
      ['drain', 'calls-sfu-0', '--timeout', '5m'],
      '--timeout is of --wait: add --wait, or leave --timeout out',
    ],
  ])('of %j is refused by its name', async (words, said) => {
    expect(await typed(...words)).toMatchObject({
      exitCode: exitCodes.usage,
      err: expect.stringContaining(said),
    });
  });

  test('with a day that its month does not have is no time: it would be another day', async () => {
    const { exitCode, err } = await typed('drain', 'calls-sfu-0', '--deadline', '2031-02-30T10:00:00Z');
    expect([exitCode, err]).toEqual([
      exitCodes.usage,
      expect.stringContaining('"2031-02-30T10:00:00Z" is no time'),
    ]);
  });
});

const named = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'X', metadata: { name } });

/** A namespace with these RTCClusters and pods of ours. */
function among(there: Readonly<Record<string, readonly string[]>>): Session {
  const all = ({ kind }: Resource, { fieldSelector }: Selection): Promise<readonly KubeObject[]> => {
    const names = there[kind] ?? [];
    const wanted = fieldSelector?.replace('metadata.name=', '');
    return Promise.resolve(names.filter((name) => wanted === undefined || name === wanted).map(named));
  };
  return { all, namespace: 'mattermost' } as unknown as Session;
}

describe('a name', () => {
  test('that is not there is told with those that are', async () => {
    const session = among({ RTCCluster: ['calls', 'support'] });
    await expect(oneOf(session, resources.rtcclusters, 'cals')).rejects.toThrow(
      'There is no RTCCluster cals in namespace mattermost; there are calls, support. Name another namespace with -n',
    );
  });

  test('where there is none at all leads to another namespace', async () => {
    await expect(oneOf(among({}), resources.rtcclusters, 'calls')).rejects.toThrow(
      'There is no RTCCluster calls in namespace mattermost: name another with -n',
    );
  });

  test('of a pod is told with pods of ours', async () => {
    const session = among({ Pod: ['calls-sfu-0'] });
    await expect(oneOf(session, resources.pods, 'calls-sfu-9')).rejects.toThrow('there is calls-sfu-0.');
  });

  test('is refused all the same where nobody may list', async () => {
    const session = among({});
    const problem = { call: 'list', status: 403, reason: 'Forbidden', message: 'no' };
    const all = (resource: Resource, selection: Selection) =>
      selection.fieldSelector === undefined
        ? Promise.reject(new ForbiddenError(problem))
        : session.all(resource, selection);
    await expect(oneOf({ ...session, all }, resources.rtcclusters, 'cals')).rejects.toThrow(CliError);
  });

  test('that `status` does not find is told with those that are there', async () => {
    const session = among({ RTCCluster: ['calls'], TurnServer: ['edge'] });
    const io = { out: () => undefined, err: () => undefined, isTerminal: false, env: {} };
    const clock = { nowMs: () => 0, sleep: () => Promise.resolve() };
    await expect(
      status(session, { ...io, ...clock }, { name: 'cals', allNamespaces: false }),
    ).rejects.toThrow('cals in namespace mattermost; there are calls, edge. Name another namespace with -n');
  });
});
