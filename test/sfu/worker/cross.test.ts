import { expect, test } from '@jest/globals';

import { crossFile, owningPackages } from '../../../sfu/worker/cross.ts';
import { sysrootName } from '../../../sfu/worker/sysroot.ts';
import { targetFor } from '../../../sfu/worker/targets.ts';

test('the cross compiler looks for everything in the sysroot', () => {
  const text = crossFile('/cache/sysroot');
  expect(text).toContain("cpp = 'aarch64-linux-gnu-g++'\n");
  expect(text).toContain("cpp_args = ['--sysroot=/cache/sysroot']\n");
  expect(text).toContain("cpp_link_args = ['--sysroot=/cache/sysroot']\n");
  expect(text).toContain("pkg_config_libdir = ['/cache/sysroot/usr/lib/aarch64-linux-gnu/pkgconfig'");
});

test('a library belongs to the package that has it, below /lib or /usr/lib', () => {
  const owners = '/usr/lib/aarch64-linux-gnu/libuv.so.1\tlibuv1\n/lib/aarch64-linux-gnu/libc.so.6\tlibc6\n';
  const paths = ['/lib/aarch64-linux-gnu/libuv.so.1', '/lib/aarch64-linux-gnu/libc.so.6'];
  expect(owningPackages(paths, owners)).toEqual(['libc6', 'libuv1']);
  expect(() => owningPackages(['/lib/libnone.so'], owners)).toThrow('/lib/libnone.so');
});

test('a machine that nothing here builds for is refused by name', () => {
  expect(targetFor(process.arch).packages).toContain('g++');
  expect(targetFor('arm64').packages).toContain(process.arch === 'arm64' ? 'g++' : 'g++-aarch64-linux-gnu');
  expect(() => targetFor('riscv64')).toThrow(/riscv64/);
});

test('a sysroot is made anew when other libraries go in', () => {
  expect(sysrootName('arm64', ['libc6-dev'])).toMatch(/^sysroot-arm64-[0-9a-f]{8}$/);
  expect(sysrootName('arm64', ['libc6-dev'])).toBe(sysrootName('arm64', ['libc6-dev']));
  expect(sysrootName('arm64', ['libc6-dev'])).not.toBe(sysrootName('arm64', ['libc6-dev', 'libuv1-dev']));
});
