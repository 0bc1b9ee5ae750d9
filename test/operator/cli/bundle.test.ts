/** `kubectl-rtc` is one file: no folder of packages comes with it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { referencePage } from '../../../operator/cli/reference.ts';
import { run } from '../../setup/run.ts';
import { buildPlugin, type Plugin } from '../../support/kubectlRtc.ts';

let plugin: Plugin;
beforeAll(async () => {
  plugin = await buildPlugin();
}, 60_000);
afterAll(() => plugin.remove());

test('the file runs by itself and says what it can do', async () => {
  const { stdout } = await run(plugin.program, ['--help'], { cwd: '/' });
  expect(stdout).toContain('doctor');
  expect((await readFile(plugin.program, 'utf8')).slice(0, 20)).toBe('#!/usr/bin/env node\n');
});

test('a Node that is too old says so in one line, not with the trace of a package', async () => {
  const { engines } = JSON.parse(await readFile('package.json', 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  const oldest = engines.node.replace('>=', '');
  const script = await readFile(plugin.program, 'utf8');
  const aged = join(plugin.dir, 'aged.mjs');
  // No older Node is at hand everywhere: this one says that it is one, before the first line of the file runs.
  const age = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });\n";
  await writeFile(aged, script.replace('\n', `\n${age}`));
  await expect(run(process.execPath, [aged, '--help'])).rejects.toThrow(
    `kubectl-rtc needs Node ${oldest} or newer, this is 20.20.2: put a newer node first in the PATH`,
  );
  expect(referencePage()).toContain(`Node ${oldest} or newer`);
});

test('bash completes its words', async () => {
  const ask =
    'source <(kubectl-rtc completion bash); COMP_WORDS=(kubectl-rtc und); COMP_CWORD=1; _kubectl_rtc; echo "${COMPREPLY[*]}"';
  const path = `${plugin.dir}:${process.env['PATH'] ?? ''}`;
  expect((await run('bash', ['-c', ask], { env: { PATH: path } })).stdout).toBe('undrain\n');
});

test('the page about it has every verb, and help that does not hang on a terminal', () => {
  const page = referencePage();
  for (const verb of ['status', 'why', 'plan', 'rollout undo', 'turn ack', 'completion'])
    expect(page).toContain(`\n## ${verb}\n`);
  expect(page).toContain('| 3 | it was done and something is wrong');
  expect(page).not.toContain('\u001B');
});
