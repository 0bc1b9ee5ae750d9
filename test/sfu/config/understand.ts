/** A configuration on paper. */
import { fromEnvironment } from '../../../sfu/config/fromEnvironment.ts';
import { fromFile } from '../../../sfu/config/fromFile.ts';
import { resolve, type Resolved } from '../../../sfu/config/resolve.ts';

/** What is understood of a file and of variables. */
export function understand(
  toml: string,
  env: Readonly<Record<string, string>> = {},
  hasDataVolume = false,
): Resolved {
  return resolve({ file: fromFile(toml), environment: fromEnvironment(env), hasDataVolume });
}
