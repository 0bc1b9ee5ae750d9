import { describe, expect, it } from '@jest/globals';
import { fingerprintsOf, importsOf } from './dependsOn.ts';

const tree = {
  'a/main.ts': "import { one } from './one.ts';\nexport const main = one;\n",
  'a/one.ts': "import type { Two } from '../b/two.ts';\nexport const one: Two = 1;\n",
  'b/two.ts': 'export type Two = number;\n',
  'b/alone.ts': 'export const alone = 1;\n',
};

/** Files whose fingerprint is another one after the change. */
function touchedBy(
  change: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> = tree,
) {
  const [old, now] = [before, { ...before, ...change }].map((sources) =>
    fingerprintsOf(new Map(Object.entries(sources)), 'rules'),
  );
  return [...now!].filter(([path, print]) => old!.get(path) !== print).map(([path]) => path);
}

describe('what has to be linted again', () => {
  it('is nothing when nothing changed', () => {
    expect(touchedBy({})).toEqual([]);
  });

  it('is a changed file and whatever reaches it by imports, of types too', () => {
    expect(touchedBy({ 'b/two.ts': 'export type Two = string;\n' })).toEqual([
      'a/main.ts',
      'a/one.ts',
      'b/two.ts',
    ]);
    expect(touchedBy({ 'a/main.ts': '' })).toEqual(['a/main.ts']);
  });

  it('is what misses a file that is gone, or finds one that was not there', () => {
    const { 'b/two.ts': two, ...without } = tree;
    expect(touchedBy({ 'b/two.ts': two }, without)).toEqual(['a/main.ts', 'a/one.ts', 'b/two.ts']);
  });

  it('is everything when a file declares something for all', () => {
    const change = { 'b/alone.ts': 'declare global {\n  const seen: boolean;\n}\n' };
    expect(touchedBy(change)).toHaveLength(4);
  });

  it('is what a file of declarations tells of: by a reference, or beside the script that is imported', () => {
    const before = {
      ...tree,
      'a/one.ts': '/// <reference path="../types/page.d.ts" />\nexport const one = 1;\n',
      'b/two.ts': "import { peer } from './peer.js';\nexport const two = peer;\n",
      'b/three.ts': '/// <reference types="./peer.d.ts" />\nexport const three = 3;\n',
      'types/page.d.ts': 'export declare const page: number;\n',
      'b/peer.d.ts': 'export declare const peer: number;\n',
    };
    const touched = (path: string): string[] =>
      touchedBy({ [path]: 'export declare const other: string;\n' }, before).toSorted();
    expect(touched('types/page.d.ts')).toEqual(['a/main.ts', 'a/one.ts', 'types/page.d.ts']);
    expect(touched('b/peer.d.ts')).toEqual(['b/peer.d.ts', 'b/three.ts', 'b/two.ts']);
  });

  it('is everything when a file of declarations is for all, since it exports nothing', () => {
    const before = { ...tree, 'types/window.d.ts': 'declare const seen: boolean;\n' };
    expect(touchedBy({ 'types/window.d.ts': 'declare const seen: number;\n' }, before)).toHaveLength(5);
  });

  it('is everything when the rules or the packages changed', () => {
    const sources = new Map(Object.entries(tree));
    const [before, after] = ['rules', 'other rules'].map((common) => fingerprintsOf(sources, common));
    expect([...after!].filter(([path, print]) => before!.get(path) === print)).toEqual([]);
  });

  it('is another file when it was moved, for rules go by folders', () => {
    const prints = fingerprintsOf(
      new Map([...Object.entries(tree), ['sfu/alone.ts', tree['b/alone.ts']]]),
      '',
    );
    expect(prints.get('sfu/alone.ts')).not.toBe(prints.get('b/alone.ts'));
  });
});

it('every way of TypeScript to import is seen, and packages are not followed', () => {
  const text = `
    import './effect.ts';
    import type { A } from '../a.ts';
    import { type B } from "./b.ts";
    import data from './data.json' with { type: 'json' };
    export * from './c.ts';
    export type { D } from './d.ts';
    type E = import('./e.ts').E;
    const f = await import('./f.ts');
    import fs from 'node:fs';
    import { z } from 'zod';
  `;
  const names = ['effect.ts', 'b.ts', 'data.json', 'c.ts', 'd.ts', 'e.ts', 'f.ts'];
  expect(importsOf('x/y/z.ts', text).toSorted()).toEqual(
    ['x/a.ts', ...names.map((name) => `x/y/${name}`)].toSorted(),
  );
});
