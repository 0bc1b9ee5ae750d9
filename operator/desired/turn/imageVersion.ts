/** Which coturn an image is, as far as its tag says. */
import { coerce } from 'semver';

/**
 * `coturn/coturn:4.18.0-r0` → `4.18.0`. Undefined where the tag does not name all three numbers (`latest`, `4`, a
 * digest alone): what will be pulled is not known then.
 */
export function imageVersion(image: string): string | undefined {
  const [name = ''] = image.split('@');
  const tag = /:v?(\d+\.\d+\.\d+)(?![\d.])[^/:]*$/.exec(name)?.[1];
  return tag === undefined ? undefined : coerce(tag)?.version;
}
