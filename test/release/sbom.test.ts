import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bundledPackages, bundlings, packagesOf } from '../../release/bundled.ts';
import { debianParts, releaseBom } from '../../release/sbom.ts';

const root = join(import.meta.dirname, '../..');
const npm = {
  serialNumber: 'urn:uuid:another-one-each-time',
  metadata: { timestamp: 'now', component: { name: 'folder', version: '0.0.0', type: 'library' } },
  components: [
    { name: 'zod', version: '4.0.0', 'bom-ref': 'zod@4.0.0' },
    { name: 'fastify', version: '5.0.0', 'bom-ref': 'fastify@5.0.0' },
  ],
  dependencies: [
    { ref: 'zod@4.0.0', dependsOn: ['fastify@5.0.0'] },
    { ref: 'fastify@5.0.0', dependsOn: [] },
  ],
};
const facts = { name: 'rtc-sfu', version: '1.2.3', epochS: 1_700_000_000, packages: ['zod@4.0.0'] };

test('the list of parts holds what is in the program and its libraries, and nothing that differs from run to run', () => {
  const parts = debianParts(
    new Map([
      ['libuv1-dev', '1.44.2-1'],
      ['libssl-dev', '3.0.15-1'],
    ]),
  );
  const { metadata, components, dependencies, ...rest } = releaseBom(npm, parts, facts);
  expect(rest).toEqual({});
  expect(metadata).toEqual({
    timestamp: '2023-11-14T22:13:20.000Z',
    component: { name: 'rtc-sfu', version: '1.2.3', type: 'library' },
  });
  expect(components.map(({ name }) => name)).toEqual(['zod', 'libssl-dev', 'libuv1-dev']);
  expect(components[1]).toMatchObject({ purl: 'pkg:deb/debian/libssl-dev@3.0.15-1?distro=bookworm' });
  expect(dependencies).toEqual([{ ref: 'zod@4.0.0', dependsOn: [] }]);
});

test('a package is told by the innermost folder of packages that a file lies in', () => {
  const files = ['node_modules/a/index.js', 'node_modules/a/node_modules/@b/c/lib/x.js', 'operator/main.ts'];
  expect(packagesOf(files)).toEqual(['node_modules/a', 'node_modules/a/node_modules/@b/c']);
});

test('what is in an image is what its Dockerfile bundles: what that leaves out is no part', async () => {
  const namesIn = async (dockerfile: string): Promise<readonly string[]> =>
    (await bundledPackages(root, dockerfile)).map((one) => one.slice(0, one.lastIndexOf('@')));
  const sfu = await namesIn('Dockerfile.sfu');
  expect(sfu).toContain('fastify');
  for (const name of ['ajv', '@fastify/ajv-compiler', 'commander']) expect(sfu).not.toContain(name);
  const operator = await namesIn('Dockerfile.operator');
  expect(operator).toContain('commander');
  expect(operator).not.toContain('fastify');
}, 60_000);

test('each program that an image starts is bundled by a command of its Dockerfile', () => {
  const commands = bundlings(readFileSync(join(root, 'Dockerfile.sfu'), 'utf8'));
  expect(commands).toHaveLength(2);
  expect(commands[1]).not.toContain('&&');
});
