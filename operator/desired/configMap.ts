/** `config.toml` of the SFU pods. What differs per pod, and every port, is set by the pod's environment instead. */
import { stringify } from 'smol-toml';
import type { RtcCluster } from '../api/rtccluster.ts';
import { names, paths } from './names.ts';
import { childMeta, type DesiredObject } from './object.ts';

/** Name of the one file in the ConfigMap. */
export const configFile = 'config.toml';

/** The ConfigMap that SFU pods mount. */
export function configMap(cluster: RtcCluster): DesiredObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: childMeta(cluster, names.config(cluster)),
    data: { [configFile]: configToml() },
  };
}

/** rtcd's own keys; registration by strangers stays off, clients come from Secrets. */
export function configToml(): string {
  return stringify({
    api: { security: { allow_self_registration: false } },
    store: { data_source: `${paths.data}/db` },
    logger: { enable_console: true, console_json: true, console_level: 'INFO', enable_file: false },
  });
}
