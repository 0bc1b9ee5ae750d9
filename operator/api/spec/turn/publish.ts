/** `TurnServer.spec.publish` and `spec.tls`: what clients and Mattermost are given. */
import { z } from 'zod';
import { type CelRule, label, objectName, withRules } from '../../shared.ts';
import { issuerRef } from '../tls.ts';

/** Rules over `spec.publish`. */
export const publishRules: readonly CelRule[] = [
  {
    rule: 'has(self.service) == has(oldSelf.service) && (!has(self.service) || self.service == oldSelf.service)',
    message:
      'publish.service cannot be changed, because clients were given its name: create a second TurnServer and move Mattermost over',
  },
];

/** `spec.publish` of a TurnServer. */
export const publish = withRules(
  z.object({
    iceServersSecret: objectName()
      .optional()
      .describe(
        'Secret with the MM_CALLS_* variables that make a Mattermost use these TURN servers (envFrom), for one without an RTCCluster. An RTCCluster with turn.turnServerName has them in its own binding Secret. Default: <name>-ice-servers.',
      ),
    service: label()
      .optional()
      .describe(
        'The Service of the published pods: headless, or of type LoadBalancer in that mode. Default: <name>-turn. Cannot be changed.',
      ),
  }),
  publishRules,
);

/** Rules over `spec.tls` of a TurnServer. */
export const turnTlsRules: readonly CelRule[] = [
  {
    rule: "self.mode != 'Secret' || has(self.secretName)",
    message: 'tls.mode Secret needs tls.secretName: name a Secret with tls.crt and tls.key',
  },
  {
    rule: "self.mode != 'CertManager' || has(self.issuerRef)",
    message:
      'tls.mode CertManager needs tls.issuerRef: name the Issuer or ClusterIssuer that signs the certificate, one that browsers trust',
  },
];

/** `spec.tls` of a TurnServer. */
export const turnTls = withRules(
  z.object({
    mode: z
      .enum(['Disabled', 'Secret', 'CertManager'])
      .default('Disabled')
      .describe(
        'Disabled: no TLS and no DTLS. Secret: with the certificate in tls.secretName. CertManager: with one that cert-manager issues and renews. Browsers must trust it.',
      ),
    secretName: objectName()
      .optional()
      .describe(
        'Secret with tls.crt and tls.key. Yours needs the label rtc.progressnet.gr/turnserver=<name>. Default with CertManager: <name>-turn-tls. A renewed one is served without a restart.',
      ),
    issuerRef: issuerRef.optional().describe('Who signs the certificate in mode CertManager.'),
  }),
  turnTlsRules,
);
