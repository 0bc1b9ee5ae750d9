/** The rights that the chart brings for people: each is enough for its verbs, and who lacks one is told which. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runCli, type Ran } from '../../support/cli.ts';
import { cliActs } from '../../support/cliActs.ts';
import { published } from '../reconcile/acts.ts';

const { acts } = cliActs({ nodes: 3 });
const chart = join(import.meta.dirname, '../../../charts/rtc-operator');
let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'rtc-people-'));
  const { cluster } = acts.stage;
  const only = ['--namespace', 'rtc-system', '--show-only', 'templates/people.yaml'];
  const roles = await cluster.helm(4, 'template', 'rtc-operator', chart, ...only);
  await cluster.kubectlWithInput(roles, 'apply', '-n', 'rtc-system', '-f', '-');
}, 60_000);
afterAll(() => rm(files, { recursive: true }));

interface KubeConfigFile {
  users: { user: object }[];
}

/** Somebody who is bound to these roles and nothing else; types as them. */
async function person(
  name: string,
  clusterRoles: readonly string[],
  isReader: boolean,
): Promise<(...words: readonly string[]) => Promise<Ran>> {
  const { cluster } = acts.stage;
  const account = ['serviceaccount', name, '-n', 'rtc-system'];
  await cluster.kubectl('create', ...account);
  const who = `--serviceaccount=rtc-system:${name}`;
  for (const role of clusterRoles)
    await cluster.kubectl(
      'create',
      'clusterrolebinding',
      `${name}-${role}`,
      `--clusterrole=rtc-system-rtc-operator-${role}`,
      who,
    );
  if (isReader)
    await cluster.kubectl(
      'create',
      'rolebinding',
      name,
      '-n',
      'rtc-system',
      '--role=rtc-operator-reader',
      who,
    );
  const token = (await cluster.kubectl('create', 'token', name, '-n', 'rtc-system')).trim();
  const config = parse(await readFile(cluster.kubeconfig, 'utf8')) as KubeConfigFile;
  config.users = config.users.map((user) => ({ ...user, user: { token } }));
  const file = join(files, name);
  await writeFile(file, stringify(config));
  return (...words) => runCli([...words, '--kubeconfig', file, '-n', acts.calls.namespace]);
}

test('a viewer sees, a reader is told why, a user acts, and each is told which role is missing', async () => {
  await acts.two();
  const [pod] = await acts.calls.untilPods(2, published);
  const { name } = pod!.metadata;
  const viewer = await person('viewer', ['viewer'], false);
  expect(await viewer('status')).toMatchObject({ exitCode: 0, out: expect.stringContaining('2/2') });
  expect(await viewer('rollout', 'status')).toMatchObject({ exitCode: 0 });
  expect(await viewer('why')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Role rtc-operator-reader'),
  });
  expect(await viewer('drain', name)).toMatchObject({ exitCode: 1, err: expect.stringContaining('-user') });
  const reader = await person('reader', ['viewer'], true);
  expect(await reader('why')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('2 serving pods are wanted'),
  });
  expect(await reader('plan')).toMatchObject({ exitCode: 0 });
  const doctor = await reader('doctor');
  expect(doctor.out).toMatch(/unknown +credentials\/binding: Secrets could not be read/);
  expect(doctor.out).toMatch(/ok +dns\/endpoints/);
  expect(doctor.out).toMatch(/ok +operator\/leader/);
  const user = await person('user', ['viewer', 'user'], false);
  const cordon = await user('cordon', name, '--wait');
  expect(cordon).toMatchObject({ exitCode: 0, out: expect.stringContaining('What follows is not known') });
  expect(await user('uncordon', name, '--wait')).toMatchObject({ exitCode: 0 });
  expect(await user('pause')).toMatchObject({ exitCode: 0 });
  expect(await user('resume')).toMatchObject({ exitCode: 0 });
}, 90_000);
