/** The one kind of cert-manager that we write, and what its controllers would do: a test plays those. */
import type { KubeApi, KubeObject } from '../../operator/kube/api.ts';
import { secrets } from '../../operator/kube/resources.ts';

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** CustomResourceDefinition of certificates.cert-manager.io/v1 that takes any fields. */
export const certManagerCrd: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'certificates.cert-manager.io' },
  spec: {
    group: 'cert-manager.io',
    scope: 'Namespaced',
    names: {
      plural: 'certificates',
      singular: 'certificate',
      kind: 'Certificate',
      listKind: 'CertificateList',
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } },
      },
    ],
  },
};

/** A certificate, its key and its authority, PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

/** Makes the Secret that the Certificate names, with the labels it asks for. */
export async function issue(
  kube: KubeApi,
  certificate: KubeObject,
  issued: IssuedCertificate,
): Promise<void> {
  const { secretName, secretTemplate } = certificate['spec'] as {
    readonly secretName: string;
    readonly secretTemplate: { readonly labels: Readonly<Record<string, string>> };
  };
  const { namespace = '' } = certificate.metadata;
  await kube.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { namespace, name: secretName, labels: secretTemplate.labels },
    stringData: { 'tls.crt': issued.certificate, 'tls.key': issued.key, 'ca.crt': issued.ca },
  });
}
