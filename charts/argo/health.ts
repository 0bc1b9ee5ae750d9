/** Pure: what Argo CD is told of our kinds. */
import { stringify } from 'yaml';
import { apiGroup } from '../../operator/api/rtccluster.ts';

const marks = /( *)-- <passing>\n[\s\S]*-- <\/passing>/;

/** The script with the reasons that go by by themselves filled in. */
export function healthScript(script: string, reasons: readonly string[]): string {
  const rows = (indent: string): string => reasons.map((reason) => `${indent}${reason} = true,\n`).join('');
  return script.replace(
    marks,
    (_, indent: string) => `${indent}-- <passing>\n${rows(indent)}${indent}-- </passing>`,
  );
}

/** The script for both kinds as what `kubectl patch configmap argocd-cm --patch-file` takes. */
export function argoSettings(script: string): string {
  const key = (kind: string): string => `resource.customizations.health.${apiGroup}_${kind}`;
  const data = Object.fromEntries(['RTCCluster', 'TurnServer'].map((kind) => [key(kind), script]));
  return `# Generated from health.lua by \`npm run generate\`. Do not edit.\n${stringify({ data }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
