import { describe, expect, test } from '@jest/globals';

import { applyPatch, patches } from '../../../sfu/worker/patches.ts';
import { subprojectFiles } from '../../../sfu/worker/subprojects.ts';

describe('a patch', () => {
  const patch = { file: 'meson.build', from: 'old', to: 'new $&' };

  test('replaces the one place, letter by letter', () => {
    expect(applyPatch('an old line', patch)).toBe('an new $& line');
  });

  test.each(['none here', 'old and old'])('refuses sources that have moved on: %s', (text) => {
    expect(() => applyPatch(text, patch)).toThrow(/meson\.build.*instead of once/);
  });

  test('changes something', () => {
    for (const { from, to } of patches) expect(from).not.toBe(to);
  });
});

describe('subprojects', () => {
  const files = subprojectFiles();
  const text = (path: string): string => {
    const content = files.get(path);
    return content !== undefined && 'text' in content ? content.text : '';
  };

  test('there is one for each library that the worker would download', () => {
    const names = [...files.keys()].filter((path) => path.endsWith('meson.build'));
    expect(names.map((path) => path.split('/')[0])).toEqual([
      'libuv',
      'openssl',
      'libsrtp3',
      'flatbuffers',
      'abseil-cpp',
      'unordered-dense',
    ]);
  });

  test('a project names Debian’s library and an empty archive', () => {
    expect(text('libuv/meson.build')).toBe(
      [
        "project('libuv', 'c', 'cpp')",
        "libuv_dep = dependency('libuv', version: '>=1.44')",
        "libuv = static_library('libuv_empty', 'empty.c', build_by_default: false)",
        '',
      ].join('\n'),
    );
  });

  test('what is found by name says so in a wrap file', () => {
    expect(text('unordered-dense.wrap')).toContain('unordered_dense = ankerl_unordered_dense_dep');
  });
});
