/** PURE: what a newer schema of the API refuses or reads otherwise that an older one took. */

/** A structural schema of apiextensions.k8s.io/v1, as far as it limits values. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly [limit: string]: unknown;
}

/** The newer number may not be larger, or not be smaller. */
const lowest = ['minimum', 'minLength', 'minItems', 'minProperties'];
const highest = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];
const same = [
  'type',
  'format',
  'pattern',
  'nullable',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
];

/** One line for each narrowing; none: whoever wrote for the older one is understood as before. */
export function narrowings(older: Schema, newer: Schema | undefined, path: string): string[] {
  if (newer === undefined) return [`${path} is gone`];
  return [
    ...same.filter((key) => differs(older[key], newer[key])).map((key) => `${path}: another ${key}`),
    ...(older.default !== undefined && differs(older.default, newer.default)
      ? [`${path}: another default`]
      : []),
    ...limitsOf(older, newer, path),
    ...(newer.required ?? [])
      .filter(
        (name) => older.required?.includes(name) !== true && newer.properties?.[name]?.default === undefined,
      )
      .map((name) => `${path}.${name} is required now`),
    ...Object.entries(older.properties ?? {}).flatMap(([name, inner]) =>
      narrowings(inner, newer.properties?.[name], `${path}.${name}`),
    ),
    ...(older.items === undefined ? [] : narrowings(older.items, newer.items, `${path}[]`)),
    ...(typeof older.additionalProperties !== 'object'
      ? []
      : narrowings(older.additionalProperties, asSchema(newer.additionalProperties), `${path}{}`)),
  ];
}

function limitsOf(older: Schema, newer: Schema, path: string): string[] {
  const gone = (older.enum ?? []).filter((value) => newer.enum !== undefined && !newer.enum.includes(value));
  return [
    ...lowest.filter((key) => number(newer[key], -Infinity) > number(older[key], -Infinity)),
    ...highest.filter((key) => number(newer[key], Infinity) < number(older[key], Infinity)),
    ...(older.enum === undefined && newer.enum !== undefined ? ['enum'] : []),
    ...gone.map((value) => `enum, ${JSON.stringify(value)} is gone`),
  ].map((limit) => `${path}: narrower ${limit}`);
}

const asSchema = (schema: Schema | boolean | undefined): Schema | undefined =>
  typeof schema === 'object' ? schema : undefined;
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
