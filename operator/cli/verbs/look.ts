/** The verbs that only look: `why` and `plan`. */
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../kube/api.ts';
import * as resources from '../../kube/resources.ts';
import { CliError, exitCodes, type Answer, type Io } from '../io.ts';
import { recordOf, recordOfAny, turnRecordOf } from '../leader.ts';
import { maybeOne, type Session } from '../session.ts';
import { targetIn, targetOf, type Target } from '../target.ts';
import { styleFor } from '../text.ts';
import { planText } from '../views/planText.ts';
import { newPlanView } from '../views/newPlan.ts';
import { planView, type PlanView } from '../views/plan.ts';
import { turnPlanView } from '../views/turnPlan.ts';
import { whyView } from '../views/why.ts';
import { whyText } from '../views/whyText.ts';

/** Why an RTCCluster, a TurnServer, or one of its pods, is as it is. */
export async function why(
  session: Session,
  io: Io,
  { target, pod }: { readonly target: string | undefined; readonly pod: string | undefined },
): Promise<Answer> {
  const object = await targetIn(session, targetOf(target));
  const view = whyView(await recordOfAny(session, object), pod);
  const { kind, name } = view.about;
  if (pod !== undefined && view.decided !== undefined && view.members.length + view.changes.length === 0)
    throw new CliError(`${kind} ${name} has no pod ${pod}, and had none since this operator leads`);
  return { view, text: whyText(view, styleFor(io.isTerminal, io.env), io.nowMs()) };
}

function isTurn({ kind }: KubeObject): boolean {
  return kind === 'TurnServer';
}

/** What is about to happen, or what an edit would do. */
export async function plan(
  session: Session,
  io: Io,
  { target, file }: { readonly target: string | undefined; readonly file: string | undefined },
): Promise<Answer> {
  const edit = file === undefined ? undefined : await manifestIn(file);
  const meant = target === undefined && edit !== undefined ? named(edit) : targetOf(target);
  const there = await (isOf(edit, meant) ? thereIs(session, edit) : targetIn(session, meant));
  try {
    const view = await planOf(session, { there, edit, nowMs: io.nowMs() });
    const exitCode = view.problem === undefined ? exitCodes.ok : exitCodes.findings;
    return { view, text: planText(view, styleFor(io.isTerminal, io.env)), exitCode };
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message);
    throw error;
  }
}

/** Whether the file is about what the command line means. */
function isOf(edit: Manifest | undefined, { name }: Target): edit is Manifest {
  return edit !== undefined && name !== undefined && name === edit.metadata?.name;
}

/** Undefined: not yet. */
async function thereIs(
  session: Session,
  { kind, metadata: { namespace = session.namespace, name = '' } = {} }: Manifest,
): Promise<KubeObject | undefined> {
  const resource = kind === 'TurnServer' ? resources.turnservers : resources.rtcclusters;
  return maybeOne({ ...session, namespace }, resource, name);
}

interface Planned {
  readonly there: KubeObject | undefined;
  readonly edit: Manifest | undefined;
  readonly nowMs: number;
}

async function planOf(session: Session, { there, edit, nowMs }: Planned): Promise<PlanView> {
  if (there !== undefined)
    return isTurn(there)
      ? turnPlanView(await turnRecordOf(session, there), edit)
      : planView(await recordOf(session, there), edit);
  return newPlanView({ namespace: session.namespace, manifest: edit }, nowMs);
}

function named({ kind, metadata }: Manifest): Target {
  return { kind, name: metadata?.name ?? '' };
}

interface Manifest {
  readonly kind: Target['kind'];
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** The RTCCluster or TurnServer in a file of YAML or JSON; `-` is the standard input. */
async function manifestIn(file: string): Promise<Manifest> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: unknown) => {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const documents = parseAllDocuments(text);
  const broken = documents.flatMap(({ errors }) => errors).at(0);
  if (broken !== undefined) throw new CliError(`${file} is no YAML: ${broken.message}`);
  const found = documents.map((document) => document.toJS() as Partial<Manifest> | null);
  const ours = found.filter((one): one is Manifest => isOurs(one?.kind));
  const [only] = ours;
  if (only === undefined || ours.length > 1)
    throw new CliError(`${file} must hold one RTCCluster or TurnServer; it holds ${ours.length}`);
  return only;
}

function isOurs(kind: string | undefined): boolean {
  return kind === 'RTCCluster' || kind === 'TurnServer';
}
