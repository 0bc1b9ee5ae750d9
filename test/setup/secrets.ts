/** This machine's way to package registries, lent to a build: in no layer and in no file of the project. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where distributions keep the certificates they trust. */
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** buildah's arguments for the secrets that the Dockerfiles know, those that this machine has. */
export function buildSecrets(): readonly string[] {
  const bundle = [process.env['NODE_EXTRA_CA_CERTS'], ...systemBundles].find(isFile);
  const npmrc = [process.env['NPM_CONFIG_USERCONFIG'], join(homedir(), '.npmrc')].find(isFile);
  return [
    ...(bundle === undefined ? [] : [`--secret=id=ca-bundle,src=${bundle}`]),
    ...(npmrc === undefined ? [] : [`--secret=id=npmrc,src=${npmrc}`]),
  ];
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && existsSync(path);
}
