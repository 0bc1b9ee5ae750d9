/** PURE: a CustomResourceDefinition → the reference of its fields for people. */
import type { Crd } from '../operator/api/crd.ts';
import type { CrdSchema } from '../operator/api/structural.ts';

/** `docs/reference.md`. */
export function referencePage(crds: readonly Crd[]): string {
  return [
    '# Reference',
    '',
    'Every field of the two kinds, with its default and its limits. Written by `npm run generate` from `operator/api/`; `kubectl explain rtccluster.spec --recursive`',
    'says the same on your cluster. A field without a default may be left out unless it is *required*. What the conditions in `status.conditions` say is in',
    '[conditions.md](conditions.md), the state of one pod in [drains.md](drains.md#states), the number of pods in [autoscaling.md](autoscaling.md).',
    '',
    ...crds.flatMap(kindChapter),
  ].join('\n');
}

interface Names {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
}

function kindChapter(crd: Crd): readonly string[] {
  const { kind, plural, shortNames } = crd.spec['names'] as Names;
  const [version] = crd.spec['versions'] as readonly [
    { readonly name: string; readonly schema: { readonly openAPIV3Schema: CrdSchema } },
  ];
  const root = version.schema.openAPIV3Schema;
  const { spec = {}, status = {} } = root.properties ?? {};
  return [
    `## ${kind}`,
    '',
    `${root.description ?? ''} \`apiVersion: ${String(crd.spec['group'])}/${version.name}\`; with kubectl \`${plural}\`, \`${shortNames.join('`, `')}\`.`,
    '',
    ...rules(root, ''),
    ...sections(`${kind} spec`, spec),
    ...sections(`${kind} status`, status),
  ];
}

/** One section for each field of the first level that has fields of its own, the plain ones together before them. */
function sections(title: string, schema: CrdSchema): readonly string[] {
  const fields = Object.entries(schema.properties ?? {});
  const plain = fields.filter(([, field]) => childrenOf(field) === undefined);
  const deep = fields.filter(([, field]) => childrenOf(field) !== undefined);
  return [
    ...section(title, { ...schema, properties: Object.fromEntries(plain) }, ''),
    ...deep.flatMap(([name, field]) => section(`${title}.${name}`, field, name)),
  ];
}

function section(title: string, schema: CrdSchema, path: string): readonly string[] {
  const rows = childrenOf(schema) === undefined ? [] : rowsBelow(schema, path);
  return [
    `### ${title}`,
    '',
    ...(path === '' || schema.description === undefined ? [] : [schema.description, '']),
    '| field | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...rules(schema, path),
  ];
}

function rowsBelow(schema: CrdSchema, path: string): readonly string[] {
  const { fields, prefix, required } = childrenOf(schema) ?? { fields: {}, prefix: '', required: [] };
  const base = path === '' ? '' : `${path}${prefix}.`;
  return Object.entries(fields).flatMap(([name, field]) => [
    row(`${base}${name}`, field, required.includes(name)),
    ...(childrenOf(field) === undefined ? [] : rowsBelow(field, `${base}${name}`)),
  ]);
}

interface Children {
  readonly fields: Readonly<Record<string, CrdSchema>>;
  /** `[]` below a list. */
  readonly prefix: string;
  readonly required: readonly string[];
}

/** Of an object, or of the objects in a list. */
function childrenOf(schema: CrdSchema): Children | undefined {
  const { properties, required = [], items } = schema;
  if (properties !== undefined) return { fields: properties, prefix: '', required };
  return items?.properties === undefined
    ? undefined
    : { fields: items.properties, prefix: '[]', required: items.required ?? [] };
}

function row(path: string, field: CrdSchema, isRequired: boolean): string {
  const hasFields = childrenOf(field) !== undefined;
  const value = isRequired ? '*required*' : hasFields && field.items === undefined ? '' : defaultOf(field);
  return `| \`${path}\` | ${typeOf(field)} | ${value} | ${cell(field.description ?? '')} |`;
}

function defaultOf(field: CrdSchema): string {
  return 'default' in field ? `\`${cell(JSON.stringify(field.default))}\`` : '';
}

/** The type and what it is limited to. */
function typeOf(field: CrdSchema): string {
  const { items, additionalProperties: values } = field;
  if (field['x-kubernetes-int-or-string'] === true) return 'quantity';
  if (items !== undefined) return `list of ${plainType(items)}${upTo(field['maxItems'], 'entries')}`;
  if (typeof values === 'object') return `map to ${typeOf(values)}`;
  return plainType(field);
}

function plainType(field: CrdSchema): string {
  const choices = field['enum'] as readonly unknown[] | undefined;
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (field.type === 'integer' || field.type === 'number') return `${field.type}${range(field)}`;
  if (field.type === 'string')
    return typeof field['format'] === 'string'
      ? field['format']
      : `string${upTo(field['maxLength'], 'characters')}`;
  return field.type ?? 'object';
}

function range(field: CrdSchema): string {
  const { minimum, maximum } = field as { readonly minimum?: number; readonly maximum?: number };
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return ` ≥ ${minimum}`;
  return minimum === undefined ? ` ≤ ${maximum}` : ` ${minimum} to ${maximum}`;
}

function upTo(limit: unknown, what: string): string {
  return typeof limit === 'number' ? `, at most ${limit} ${what}` : '';
}

interface Rule {
  readonly message: string;
}

/** What the API server refuses, in its own words. */
function rules(schema: CrdSchema, path: string): readonly string[] {
  const messages = rulesBelow(schema, path);
  return messages.length === 0
    ? []
    : ['Refused by the API server:', '', ...messages.map((message) => `- ${cell(message)}`), ''];
}

function rulesBelow(schema: CrdSchema, path: string): readonly string[] {
  const own = ((schema['x-kubernetes-validations'] ?? []) as readonly Rule[]).map(({ message }) => message);
  const below = path === '' ? [] : Object.values(childrenOf(schema)?.fields ?? {});
  const ofItems = schema.items === undefined ? [] : rulesBelow(schema.items, '');
  return [...new Set([...own, ...ofItems, ...below.flatMap((field) => rulesBelow(field, path))])];
}

/** Text that stays inside of a cell, and whose `<name>` is not taken for HTML. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(/<(\w+)>/g, '‹$1›')
    .replaceAll('\n', ' ');
}
