import { describe, expect, test } from '@jest/globals';

import { decodeDataMessage, pongFrame } from '../../../sfu/protocol/dataChannel.ts';
import { isWhole } from '../../../sfu/worker/libsrtp.ts';
import { applyPatch } from '../../../sfu/worker/patch.ts';
import { patches } from '../../../sfu/worker/patches.ts';
import { pingPatches } from '../../../sfu/worker/patches/pings.ts';
import { subprojectFiles } from '../../../sfu/worker/subprojects.ts';

describe('a patch', () => {
  const patch = { file: 'meson.build', from: 'old', to: 'new $&' };

  test('replaces the one place, letter by letter', () => {
    expect(applyPatch('an old line', patch)).toBe('an new $& line');
  });

  test.each(['none here', 'old and old'])('refuses sources that have moved on: %s', (text) => {
    expect(() => applyPatch(text, patch)).toThrow(/meson\.build.*instead of once/);
  });

  test('that answers pings speaks the numbers of the protocol', () => {
    const text = pingPatches.map(({ to }) => to).join('');
    expect(text).toContain(`BinaryPpid{ ${pongFrame.ppid} }`);
    expect(text).toContain(`Pong{ ${pongFrame.data[0]} }`);
    const [, ping] = /Ping\{ (\d+) \}/.exec(text) ?? [];
    const decoded = decodeDataMessage({ ppid: pongFrame.ppid, data: Uint8Array.of(Number(ping)) });
    expect(decoded).toEqual({ ok: true, value: { type: 'ping' } });
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

  test('libsrtp is built from its own sources, with OpenSSL', () => {
    expect(text('libsrtp3/meson.build')).toContain(
      "subproject('libsrtp2', default_options: ['crypto-library=openssl',",
    );
    expect(isWhole(Buffer.from('something else'))).toBe(false);
  });
});
