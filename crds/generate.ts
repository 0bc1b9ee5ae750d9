/** Writes the CustomResourceDefinitions, plain for `kubectl apply` and as a template of the chart, and the reference of their fields. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rtcClusterCrd, turnServerCrd } from '../operator/api/crd.ts';
import { manifest, template } from './manifest.ts';
import { referencePage } from './reference.ts';

const here = import.meta.dirname;

const crds = [rtcClusterCrd(), turnServerCrd()];

for (const crd of crds) {
  const [plural = '', ...group] = crd.metadata.name.split('.');
  await writeFile(join(here, `${plural}.${group.join('.')}.yaml`), manifest(crd));
  await writeFile(join(here, `../charts/rtc-operator/templates/crd-${plural}.yaml`), template(crd));
}
await writeFile(join(here, '../docs/reference.md'), referencePage(crds));
