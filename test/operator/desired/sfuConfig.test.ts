import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configToml } from '../../../operator/desired/configMap.ts';
import { podTemplate } from '../../../operator/desired/sfuPod.ts';
import { paths } from '../../../operator/desired/names.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { run } from '../../setup/run.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const authority = createAuthority('test');
const main = join(import.meta.dirname, '../../../sfu/main.ts');

interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** The environment of the container, with what the node would fill in; its certificate lies in `dir`. */
function environment(spec: Readonly<Record<string, unknown>>, dir: string): Record<string, string> {
  const pod = podTemplate(aCluster(spec), 'image').spec as { containers: { env: readonly Variable[] }[] };
  return Object.fromEntries(
    (pod.containers[0]?.env ?? []).map(({ name, value }) => [
      name,
      value?.replace('$(HOST_IP)', '127.0.0.1').replace(paths.tls, dir) ?? 'from-elsewhere',
    ]),
  );
}

test.each([
  ['every default', {}, '127.0.0.1:8443'],
  ['TLS', { tls: { api: { mode: 'Secret', secretName: 'own' } } }, '127.0.0.1:8443'],
  ['every address', { network: { apiBind: 'All' } }, ':8443'],
  ['other ports and workers', { network: { apiPort: 9443 }, engine: { workers: 2 } }, '127.0.0.1:9443'],
])('the SFU itself understands what its pod is given: %s', async (_, spec, listens) => {
  const dir = await mkdtemp(join(tmpdir(), 'sfu-config-'));
  try {
    const file = join(dir, 'config.toml');
    await writeFile(file, configToml());
    await writeFile(join(dir, 'tls.crt'), authority.certificate);
    await writeFile(join(dir, 'tls.key'), authority.key);
    const { stdout, stderr } = await run(process.execPath, [main, '--config', file, '--check-config'], {
      env: environment(spec, dir),
    });
    expect(stdout + stderr).toContain(listens);
    expect(stdout + stderr).not.toContain('cannot be read');
    expect(stdout + stderr).not.toMatch(/unknown|not known/i);
  } finally {
    await rm(dir, { recursive: true });
  }
});
