/** CustomResourceDefinition → the text of its two files. */
import { stringify } from 'yaml';
import type { Crd } from '../operator/api/crd.ts';

/** `kubectl apply` keeps a copy in an annotation, and annotations end here. */
const maxBytes = 256 * 1024;

const header = '# Generated from operator/api by `npm run generate`. Do not edit.\n';

/** kubectl and helm still read `Off` as YAML 1.1 did, as a boolean: whatever could be one is quoted. */
const yaml = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** The plain manifest. Throws when it is too large to be applied. */
export function manifest(crd: Crd): string {
  const text = header + stringify(crd, yaml);
  if (Buffer.byteLength(text) >= maxBytes) throw new Error(`${crd.metadata.name} exceeds ${maxBytes} bytes`);
  return text;
}

/** The chart's template: behind a switch, and kept when the release goes, because deleting a CRD deletes every cluster. */
export function template(crd: Crd): string {
  const annotations = { 'helm.sh/resource-policy': 'keep' };
  const kept: Crd = { ...crd, metadata: { ...crd.metadata, annotations } };
  return `{{- if .Values.crds.install }}\n${manifest(kept)}{{- end }}\n`;
}
