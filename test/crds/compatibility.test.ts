/** The promise of docs/releases.md, field by field: what an earlier version took is taken today, and means the same. */
import { describe, expect, test } from '@jest/globals';
import { rtcClusterCrd, turnServerCrd } from '../../operator/api/crd.ts';
import { previousCrd } from '../charts/previous/previous.ts';
import { narrowings, type Schema } from './narrowings.ts';

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const schemaOf = (crd: unknown): Schema =>
  JSON.parse(JSON.stringify((crd as Definition).spec.versions[0]?.schema.openAPIV3Schema)) as Schema;

describe.each([
  ['rtcclusters', rtcClusterCrd()],
  ['turnservers', turnServerCrd()],
] as const)('the schema of %s', (plural, today) => {
  const previous = schemaOf(previousCrd(plural));

  test('takes all that the previous version took, with the same defaults', () => {
    expect(Object.keys(previous.properties?.['spec']?.properties ?? {}).length).toBeGreaterThan(5);
    expect(narrowings(previous, schemaOf(today), '')).toEqual([]);
  });

  test('has no rule that the previous version did not have', () => {
    const older = rulesOf(previous);
    expect(rulesOf(schemaOf(today)).filter((rule) => !older.includes(rule))).toEqual([]);
  });
});

function rulesOf(schema: Schema): string[] {
  const own = (schema['x-kubernetes-validations'] ?? []) as readonly { readonly rule: string }[];
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  return [...own.map(({ rule }) => rule), ...below.flatMap(rulesOf)];
}

describe('a narrowing is found', () => {
  const older: Schema = {
    type: 'object',
    properties: {
      mode: { type: 'string', enum: ['A', 'B'], default: 'A' },
      count: { type: 'integer', maximum: 10 },
      names: { type: 'array', items: { type: 'string', maxLength: 20 } },
    },
  };
  const changed = (properties: Record<string, Schema>, more: Partial<Schema> = {}): Schema => ({
    ...older,
    ...more,
    properties: { ...older.properties, ...properties },
  });

  test.each<[string, Schema]>([
    ['.count: narrower maximum', changed({ count: { type: 'integer', maximum: 9 } })],
    ['.count: another type', changed({ count: { type: 'string', maximum: 10 } })],
    ['.mode: narrower enum, "B" is gone', changed({ mode: { type: 'string', enum: ['A'], default: 'A' } })],
    ['.mode: another default', changed({ mode: { type: 'string', enum: ['A', 'B'], default: 'B' } })],
    [
      '.names[]: narrower maxLength',
      changed({ names: { type: 'array', items: { type: 'string', maxLength: 5 } } }),
    ],
    ['.extra is required now', changed({ extra: { type: 'string' } }, { required: ['extra'] })],
    [
      '.names is gone',
      { ...older, properties: { mode: older.properties!['mode']!, count: older.properties!['count']! } },
    ],
  ])('%s', (line, newer) => {
    expect(narrowings(older, newer, '')).toEqual([line]);
  });

  test('and a wider schema is none', () => {
    const wider = changed({
      mode: { type: 'string', enum: ['A', 'B', 'C'], default: 'A' },
      extra: { type: 'string' },
    });
    expect(narrowings(older, wider, '')).toEqual([]);
  });
});
