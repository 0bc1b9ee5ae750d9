/** PURE: the Secret with the shared secrets → what the rotation reads of it, and what it is to hold → one action. */
import type { TurnServer } from '../../api/turnserver.ts';
import { turnMeta } from '../../desired/turn/meta.ts';
import { turnNames, turnSecretAnnotations, turnSecretKeys } from '../../desired/turn/names.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Rotation, SecretContents } from '../../turn/rotation/state.ts';
import type { Action } from '../action.ts';

const ourAnnotations = Object.values(turnSecretAnnotations);
const keys = Object.values(turnSecretKeys);

type Texts = Readonly<Record<string, string>>;

/** Undefined where there is no such Secret, or none that we can see. */
export function contentsOf(secret: KubeObject | undefined): SecretContents | undefined {
  if (secret === undefined) return undefined;
  const data = (secret['data'] ?? {}) as Texts;
  const found = secret.metadata.annotations ?? {};
  const decoded = keys.flatMap((key) => {
    const value = data[key];
    return value === undefined ? [] : [[key, Buffer.from(value, 'base64').toString()] as const];
  });
  return {
    secret: '',
    ...Object.fromEntries(decoded),
    annotations: Object.fromEntries(
      ourAnnotations.flatMap((key) => {
        const value = found[key];
        return value === undefined ? [] : [[key, value] as const];
      }),
    ),
  };
}

/**
 * Created, or patched on the condition that it is still the one that was looked at: a step of a rotation rests on
 * the steps before. Of a Secret that people made only our keys and annotations are touched.
 */
export function authActions(
  server: TurnServer,
  found: KubeObject | undefined,
  { contents, reason: { reason, message } }: Rotation,
): Action[] {
  const { annotations } = contents;
  if (found === undefined) {
    const metadata = { ...turnMeta(server, turnNames.authSecret(server)), annotations };
    const object = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data: encoded(contents) };
    return [{ type: 'create', object, reason, message }];
  }
  const data = changes((found['data'] ?? {}) as Texts, encoded(contents), keys);
  const notes = changes(found.metadata.annotations ?? {}, annotations, ourAnnotations);
  if (data === undefined && notes === undefined) return [];
  const metadata = notes === undefined ? {} : { annotations: notes };
  return [{ type: 'patch', object: found, metadata, data: data ?? {}, reason, message }];
}

function encoded(contents: SecretContents): Texts {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = contents[key];
      return value === undefined ? [] : [[key, Buffer.from(value).toString('base64')] as const];
    }),
  );
}

/** Undefined when there are none. */
function changes(
  found: Texts,
  wanted: Texts,
  among: readonly string[],
): Record<string, string | null> | undefined {
  const changed = among.filter((key) => found[key] !== wanted[key]);
  if (changed.length === 0) return undefined;
  return Object.fromEntries(changed.map((key) => [key, wanted[key] ?? null]));
}
