/** Writes the CustomResourceDefinitions, plain for `kubectl apply` and as a template of the chart. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rtcClusterCrd, turnServerCrd } from '../operator/api/crd.ts';
import { manifest, template } from './manifest.ts';

const here = import.meta.dirname;

for (const crd of [rtcClusterCrd(), turnServerCrd()]) {
  const [plural = '', ...group] = crd.metadata.name.split('.');
  await writeFile(join(here, `${plural}.${group.join('.')}.yaml`), manifest(crd));
  await writeFile(join(here, `../charts/rtc-operator/templates/crd-${plural}.yaml`), template(crd));
}
