/** zod → the structural schemas of apiextensions/v1: what zod cannot say in that dialect is put right here. */
import { z } from 'zod';

/** A JSON schema node in the structural dialect of apiextensions/v1. */
export interface CrdSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly items?: CrdSchema;
  readonly additionalProperties?: CrdSchema | boolean;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** A zod object as structural schema; throws on what a CRD cannot express. */
export function structural(schema: z.ZodType): CrdSchema {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return translated(json as CrdSchema, '$');
}

const intOrString = 'x-kubernetes-int-or-string';
const composites = ['anyOf', 'oneOf', 'allOf', 'not', '$ref'] as const;

function translated(node: CrdSchema, path: string): CrdSchema {
  if (node[intOrString] === true)
    return { [intOrString]: true, ...(node.pattern === undefined ? {} : { pattern: node.pattern }) };
  const composite = composites.find((keyword) => keyword in node);
  if (composite !== undefined) throw new TypeError(`${path}: a CRD cannot express ${composite}`);
  const { additionalProperties: values, ...rest } = node;
  const result: CrdSchema = {
    ...rest,
    ...translatedChildren(node, path),
    ...(typeof values === 'object' && { additionalProperties: translated(values, `${path}.*`) }),
    ...integerFormat(node),
  };
  return 'default' in result ? { ...result, default: completeDefault(result) } : result;
}

function translatedChildren(node: CrdSchema, path: string): Partial<CrdSchema> {
  return {
    ...(node.properties && {
      properties: Object.fromEntries(
        Object.entries(node.properties).map(([name, child]) => [name, translated(child, `${path}.${name}`)]),
      ),
    }),
    ...(node.items && { items: translated(node.items, `${path}[]`) }),
  };
}

/** Drops zod's bounds of a safe integer, which say nothing, and names the Go type instead. */
function integerFormat(node: CrdSchema): Partial<CrdSchema> {
  if (node.type !== 'integer') return {};
  const bounded = node['maximum'] !== undefined && Number(node['maximum']) < 2 ** 31;
  return {
    format: bounded ? 'int32' : 'int64',
    ...(node['maximum'] === Number.MAX_SAFE_INTEGER && { maximum: undefined }),
    ...(node['minimum'] === Number.MIN_SAFE_INTEGER && { minimum: undefined }),
  };
}

/**
 * The API server checks CEL rules against the bare default of an object, before
 * the defaults of its members are filled in. So an object's default is written out.
 */
function completeDefault(node: CrdSchema): unknown {
  if (node.properties === undefined) return node.default;
  const members = Object.entries(node.properties)
    .filter(([, child]) => 'default' in child)
    .map(([name, child]) => [name, child.default]);
  return { ...(Object.fromEntries(members) as object), ...(node.default as object) };
}
