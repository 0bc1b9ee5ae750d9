/** The command line as a whole: what it understands, what it ends with, what it offers next. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { complete } from '../../../operator/cli/completion/complete.ts';
import { createProgram } from '../../../operator/cli/program.ts';
import { runCli } from '../../support/cli.ts';

const noIo = {
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  env: {},
  nowMs: () => 0,
  sleep: () => Promise.resolve(),
};
const kubeconfig = join(import.meta.dirname, 'kubeconfig.yaml');
const program = createProgram(noIo, () => undefined);
const next = (...typed: readonly string[]): ReturnType<typeof complete> => complete(program, typed);
const verbs = [
  ...['call-test', 'completion', 'cordon', 'doctor', 'drain', 'pause', 'plan', 'report', 'reserve', 'resume'],
  ...['rollout', 'sizing', 'status', 'turn', 'uncordon', 'undrain', 'why'],
];

describe('the command line', () => {
  test('ends with 2 and what helps when it is not understood', async () => {
    expect(await runCli(['nonsense'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("unknown command 'nonsense'"),
    });
    expect(await runCli(['plan', '--nonsense'])).toMatchObject({ exitCode: 2 });
    const tooMany = await runCli(['sizing', '--people', '1', '--calls', '2', '--kubeconfig', kubeconfig]);
    expect(tooMany).toMatchObject({ exitCode: 2, err: expect.stringContaining('--calls 2 is more') });
    expect(await runCli(['status', '-o', 'yaml'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('text, json'),
    });
  });

  test('ends with 1 and the reason when the kubeconfig cannot be used', async () => {
    const { exitCode, err } = await runCli(['status', '--kubeconfig', '/nowhere/config']);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('The kubeconfig cannot be used')]);
  });

  test('tells an error as data to whoever asks for data', async () => {
    const { err, out } = await runCli(['status', '-o', 'json', '--kubeconfig', '/nowhere/config']);
    expect(JSON.parse(err)).toEqual({
      error: expect.stringContaining('The kubeconfig cannot be used'),
      exitCode: 1,
    });
    expect(out).toBe('');
  });

  test('has help with examples for every verb, and ends with 0', async () => {
    expect((await runCli(['--help'])).out).toContain('why');
    for (const verb of verbs.filter((one) => one !== 'rollout' && one !== 'turn')) {
      const { exitCode, out } = await runCli([verb, '--help']);
      expect([verb, exitCode, out.includes('Examples:')]).toEqual([verb, 0, true]);
    }
  });
});

describe('completion', () => {
  test('offers verbs, and the verbs below one', () => {
    expect(next('').words).toEqual(expect.arrayContaining(verbs));
    expect(next('un').words).toEqual(['uncordon', 'undrain']);
    expect(next('rollout', '').words).toEqual(expect.arrayContaining(['pause', 'resume', 'status', 'undo']));
  });

  test('offers names where a name is asked for, also after options', () => {
    expect(next('why', '')).toMatchObject({ named: 'targets' });
    expect(next('-n', 'mattermost', 'why', 'calls', '')).toMatchObject({ named: 'pods' });
    expect(next('drain', 'calls-sfu-0', '')).toMatchObject({ named: 'pods' });
    expect(next('turn', 'ack', '')).toMatchObject({ named: 'turnservers' });
    expect(next('drain', '--node', '')).toMatchObject({ named: 'nodes' });
    expect(next('status', '-n', '')).toMatchObject({ named: 'namespaces' });
  });

  test('offers options and their choices', () => {
    expect(next('plan', '--f').words).toEqual(['--filename']);
    expect(next('status', '-o', '').words).toEqual(['json', 'text']);
    expect(next('completion', '').words).toEqual(['bash', 'fish', 'kubectl', 'zsh']);
  });

  test('answers as kubectl asks its plugins: words, then a directive', async () => {
    expect((await runCli(['__complete', 'und'])).out).toBe('undrain\n:4\n');
    expect((await runCli(['completion', 'kubectl'])).out).toMatch(
      /^#!\/bin\/sh\n[\s\S]*exec kubectl-rtc __complete "\$@"\n$/,
    );
  });

  test('has fewer words, and no error, where nobody can be asked', async () => {
    const { exitCode, out, err } = await runCli(['__complete', '--kubeconfig', '/nowhere/config', 'why', '']);
    expect([exitCode, out, err]).toEqual([0, ':4\n', '']);
  });
});
