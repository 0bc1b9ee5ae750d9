/** The Certificate that cert-manager is asked for. */
import type { TurnServer } from '../../api/turnserver.ts';
import { labels } from '../names.ts';
import type { DesiredObject } from '../object.ts';
import { turnMeta } from './meta.ts';
import { turnNames } from './names.ts';

/** None unless `tls.mode` is CertManager. Our label on its Secret lets us see it. */
export function turnCertificate(server: TurnServer): DesiredObject | undefined {
  const { tls, network } = server.spec;
  if (tls.mode !== 'CertManager' || tls.issuerRef === undefined || network.serverName === undefined)
    return undefined;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: turnMeta(server, turnNames.certificate(server)),
    spec: {
      secretName: turnNames.tlsSecret(server),
      dnsNames: [network.serverName],
      issuerRef: tls.issuerRef,
      usages: ['digital signature', 'key encipherment', 'server auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      secretTemplate: { labels: { [labels.turnServer]: server.metadata.name } },
    },
  };
}
