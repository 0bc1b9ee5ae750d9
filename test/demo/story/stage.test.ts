import { expect, test } from '@jest/globals';

import { inNamespace } from '../../../demo/story/stage.ts';

test('the story plays in its namespace whatever the context of the kubeconfig says (kubectl played)', async () => {
  const said: string[] = [];
  const tools = inNamespace(
    {
      kubectl: (...args) => Promise.resolve(String(said.push(args.join(' ')))),
      kubectlWithInput: (input, ...args) =>
        Promise.resolve(String(said.push(`${args.join(' ')} < ${input}`))),
      helm: (version, ...args) => Promise.resolve(String(said.push(`${version} ${args.join(' ')}`))),
    },
    'default',
  );
  await tools.kubectl('get', 'rtccluster', 'calls');
  await tools.kubectlWithInput('text', 'apply', '-f', '-');
  await tools.kubectl('exec', '--namespace', 'rtc-system', 'deploy/rtc-operator');
  await tools.helm(4, 'list');
  expect(said).toEqual([
    '--namespace default get rtccluster calls',
    '--namespace default apply -f - < text',
    '--namespace default exec --namespace rtc-system deploy/rtc-operator',
    '4 list',
  ]);
});
