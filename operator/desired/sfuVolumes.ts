/** What an SFU pod mounts: its configuration, its clients, its own address, and room to write. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { annotations, names, paths, secretKeys } from './names.ts';
import { hasApiTls } from './services.ts';

/** core/v1 VolumeMounts of the SFU container. */
export function sfuMounts(cluster: RtcCluster): Record<string, unknown>[] {
  return [
    { name: 'config', mountPath: paths.config, readOnly: true },
    { name: 'clients', mountPath: paths.clients, readOnly: true },
    { name: 'pod', mountPath: paths.pod, readOnly: true },
    ...(hasApiTls(cluster) ? [{ name: 'tls', mountPath: paths.tls, readOnly: true }] : []),
    { name: 'data', mountPath: paths.data },
    { name: 'tmp', mountPath: paths.temporary },
  ];
}

/** The same of a stock rtcd, which takes no clients from files. */
export function rtcdMounts(cluster: RtcCluster): Record<string, unknown>[] {
  const foreign = ['config', 'clients', 'pod'];
  return sfuMounts(cluster).filter(({ name }) => !foreign.includes(String(name)));
}

/** Readable by the pod's group (fsGroup), and by nobody else on the node. */
const groupReadable = 0o440;

/** core/v1 Volumes of an SFU pod. */
export function sfuVolumes(cluster: RtcCluster): Record<string, unknown>[] {
  const isRtcd = cluster.spec.engine.type === 'Rtcd';
  const address = { fieldPath: `metadata.annotations['${annotations.address}']` };
  const files = [
    { name: 'config', configMap: { name: names.config(cluster) } },
    { name: 'clients', projected: { defaultMode: groupReadable, sources: clientSources(cluster) } },
  ];
  return [
    ...(isRtcd ? [] : files),
    { name: 'pod', downwardAPI: { items: [{ path: paths.addressFile, fieldRef: address }] } },
    ...(hasApiTls(cluster) ? [certificateVolume(cluster)] : []),
    { name: 'data', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
  ];
}

function certificateVolume(cluster: RtcCluster): Record<string, unknown> {
  const keys = [secretKeys.certificate, secretKeys.privateKey];
  const items = keys.map((key) => ({ key, path: key }));
  return {
    name: 'tls',
    secret: { secretName: names.apiTlsSecret(cluster), defaultMode: groupReadable, items },
  };
}

/** One directory per client, because that is how the SFU reads them; a Secret that is not there yet holds up nobody else. */
function clientSources(cluster: RtcCluster): Record<string, unknown>[] {
  const keys = [secretKeys.clientID, secretKeys.authKey];
  return cluster.spec.auth.clients.map((client) => ({
    secret: {
      name: names.clientSecret(cluster, client),
      optional: !client.create,
      items: keys.map((key) => ({ key, path: `${client.name}/${key}` })),
    },
  }));
}
