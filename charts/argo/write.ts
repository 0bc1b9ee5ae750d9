/** Writes deploy/argocd/ and deploy/flux/ from the operator's own list of reasons. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fluxSettings } from './flux.ts';
import { argoSettings, healthScript } from './health.ts';
import { passingReasons } from './passing.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const folder = join(deploy, 'argocd');

/** The script, which keeps its text around the list, and both kinds' settings. */
export async function writeArgo(): Promise<void> {
  const file = join(folder, 'health.lua');
  const script = healthScript(await readFile(file, 'utf8'), passingReasons());
  await writeFile(file, script);
  await writeFile(join(folder, 'argocd-cm.yaml'), argoSettings(script));
  await mkdir(join(deploy, 'flux'), { recursive: true });
  await writeFile(join(deploy, 'flux/health.yaml'), fluxSettings(passingReasons()));
}
