/** Pure: the values schema → values.yaml, values.schema.json and the README table; the rights → RBAC rules. */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Right } from '../operator/kube/resources.ts';

/** What we read of a JSON schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** First line of every generated file. */
export const generatedBy =
  'Generated from charts/values.ts and operator/kube/resources.ts by `npm run generate`. Do not edit.';

/** The JSON schema that Helm holds the user's values against. */
export function jsonSchema(values: z.ZodType): string {
  const schema = z.toJSONSchema(values, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ ...schema, $comment: generatedBy }, null, 2)}\n`;
}

/** The defaults, each under its help. */
export function valuesYaml(values: z.ZodType): string {
  return `# ${generatedBy}\n${yamlOf(schemaOf(values), '')}`;
}

/** `| key | default | help |`, one line for each setting. */
export function valuesTable(values: z.ZodType): string {
  const rows = settings(schemaOf(values), '').map(
    ({ key, schema }) =>
      `| \`${key}\` | \`${JSON.stringify(schema.default)}\` | ${schema.description ?? ''} |`,
  );
  return ['| value | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Named templates with the operator's rights, apart by where they are granted. */
export function rightsTemplate(rights: readonly Right[], binding: readonly Right[]): string {
  const isLease = ({ resource }: Right): boolean => resource.plural === 'leases';
  const parts = {
    cluster: rights.filter(({ resource }) => !resource.namespaced),
    namespaced: rights.filter((right) => right.resource.namespaced && !isLease(right)),
    lease: rights.filter(isLease),
    binding,
  };
  const defined = Object.entries(parts).map(
    ([name, some]) =>
      `{{- define "rtc-operator.rights.${name}" -}}\n${stringify(some.map(ruleOf))}{{- end }}\n`,
  );
  return `{{- /* ${generatedBy} */}}\n${defined.join('\n')}`;
}

function ruleOf({ resource, subresource, verbs }: Right): Readonly<Record<string, readonly string[]>> {
  const name = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  return { apiGroups: [resource.group], resources: [name], verbs };
}

/** The output side has every default filled in, those of nested objects included. */
function schemaOf(values: z.ZodType): Schema {
  return z.toJSONSchema(values, { target: 'draft-7', io: 'output' }) as Schema;
}

function yamlOf(schema: Schema, indent: string): string {
  return Object.entries(schema.properties ?? {})
    .map(([key, inner]) => {
      const help = `${indent}# ${inner.description ?? ''}\n`;
      if (inner.properties !== undefined) return `${help}${indent}${key}:\n${yamlOf(inner, `${indent}  `)}`;
      const text = stringify({ [key]: inner.default })
        .trimEnd()
        .split('\n');
      return `${help}${text.map((line) => `${indent}${line}\n`).join('')}`;
    })
    .join('');
}

function settings(schema: Schema, prefix: string): { readonly key: string; readonly schema: Schema }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = `${prefix}${name}`;
    return inner.properties === undefined ? [{ key, schema: inner }] : settings(inner, `${key}.`);
  });
}
