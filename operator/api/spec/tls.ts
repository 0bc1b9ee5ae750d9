/** `spec.tls`: who encrypts what Mattermost says to the pods. Media is always encrypted (DTLS-SRTP). */
import { z } from 'zod';
import { type CelRule, objectName, withRules } from '../shared.ts';

/** Rules over `spec.tls.api`. */
export const apiTlsRules: readonly CelRule[] = [
  {
    rule: "self.mode != 'Secret' || has(self.secretName)",
    message: 'tls.api.mode Secret needs tls.api.secretName: name a Secret with tls.crt and tls.key',
  },
  {
    rule: "self.mode != 'CertManager' || has(self.issuerRef)",
    message:
      'tls.api.mode CertManager needs tls.api.issuerRef: name the Issuer or ClusterIssuer that signs the certificate',
  },
  {
    rule: "(self.mode == 'Disabled') == (oldSelf.mode == 'Disabled')",
    message:
      'tls.api.mode cannot be switched between Disabled and the others, because Mattermost has one URL for all pods and would lose those of the other scheme: create a second RTCCluster and move Mattermost over',
  },
];

/** Who signs a certificate: an issuer of cert-manager. */
export const issuerRef = z.object({
  name: objectName().describe('Name of the issuer.'),
  kind: z
    .string()
    .min(1)
    .max(63)
    .default('Issuer')
    .describe('Issuer (in the same namespace), ClusterIssuer, or a kind of another group.'),
  group: z
    .string()
    .min(1)
    .max(253)
    .default('cert-manager.io')
    .describe('API group of the issuer; other than cert-manager.io for external issuers.'),
});

const api = withRules(
  z.object({
    mode: z
      .enum(['Disabled', 'Secret', 'CertManager'])
      .default('Disabled')
      .describe(
        'Disabled: the API speaks plain HTTP. Secret: with the certificate in tls.api.secretName. CertManager: with one that cert-manager issues and renews. Cannot be switched between Disabled and the others.',
      ),
    secretName: objectName()
      .optional()
      .describe(
        'Secret with tls.crt, tls.key and, when the issuer is not publicly trusted, ca.crt. Yours needs the label rtc.progressnet.gr/cluster=<cluster>. Default with CertManager: <cluster>-api-tls. A renewed one is served without a restart.',
      ),
    issuerRef: issuerRef.optional().describe('Who signs the certificate in mode CertManager.'),
  }),
  apiTlsRules,
);

/** See the file comment. */
export const tls = z.object({
  api: api.prefault({}).describe('The certificate of the API that Mattermost connects to.'),
});
