/** PURE: the record of a TurnServer, and maybe another spec → what the operator would do now, by the very function that acts. */
import { turnServerSchema, type TurnServer } from '../../api/turnserver.ts';
import { recordedRotation } from '../../record/decision.ts';
import type { TurnRecord } from '../../record/record.ts';
import { observedTurn, withRealHashes } from '../../record/redactTurn.ts';
import { parsedAs } from '../../reconcile/observed.ts';
import { turnIntentOf, type TurnIntent } from '../../reconcile/turn/intent.ts';
import type { TurnObserved } from '../../reconcile/turn/observe.ts';
import { stopOf } from '../../reconcile/turn/stop.ts';
import { aboutOf } from './about.ts';
import { differences, type Difference } from './differences.ts';
import { changedBy } from './manifest.ts';
import { fateOf, noPlan, untold, type PlanView } from './plan.ts';

/** Throws a RangeError when `edit` is another object. */
export function turnPlanView(record: TurnRecord, edit?: unknown): PlanView {
  const observed = observedTurn(record.observed);
  const about = aboutOf(observed.object);
  const wanted = edit === undefined ? observed : edited(observed, edit);
  const told = edit === undefined ? {} : { edit: editOf(observed, wanted) };
  if (!wanted.server.ok) return { ...noPlan(about, wanted.server.message), ...told };
  const server = wanted.server.value;
  const intent = intentIn(wanted, server, record);
  const { pods: decision, revision, fleet } = intent.decision;
  return {
    ...{ about, ...told, untold },
    ...pausedIn(wanted, server, record),
    ...fateOf({ decision, revision, actions: intent.actions }, fleet),
    ...withRealHashes(rotationOf(intent), record.observed),
    wanted: numberOf(decision.wanted, observed, { server, record }),
  };
}

/** Fresh secrets are never shown, so any will do. */
function intentIn(
  observed: TurnObserved,
  server: TurnServer,
  { settings: { operatorsImage }, history, consumers }: TurnRecord,
): TurnIntent {
  const random = (): string => 'redacted';
  return turnIntentOf(observed, server, {
    ...{ operatorsImage, random, history, consumers },
    fresh: 'redacted fresh',
  });
}

function pausedIn(
  observed: TurnObserved,
  server: TurnServer,
  { settings }: TurnRecord,
): Pick<PlanView, 'paused'> {
  const stop = stopOf(observed, server, settings.operatorsImage);
  return stop === undefined ? {} : { paused: stop.message };
}

function rotationOf({ decision: { rotation } }: TurnIntent): Pick<PlanView, 'rotation'> {
  return rotation.stage === 'Stable' ? {} : { rotation: recordedRotation(rotation) };
}

function numberOf(
  after: number,
  { server: now }: TurnObserved,
  { server, record }: { readonly server: TurnServer; readonly record: TurnRecord },
): NonNullable<PlanView['wanted']> {
  const before = now.ok ? record.last?.wanted : undefined;
  const message =
    server.spec.placement.mode === 'Replicas'
      ? 'by placement.replicas'
      : 'one on each node that can carry one (placement.mode EveryNode)';
  return { before: before ?? after, after, message };
}

/** The same TurnServer with the spec of a manifest. */
function edited(observed: TurnObserved, manifest: unknown): TurnObserved {
  const object = changedBy(observed.object, manifest);
  return { ...observed, object, server: parsedAs(turnServerSchema, object, undefined) };
}

function editOf({ server: before }: TurnObserved, { server: after }: TurnObserved): readonly Difference[] {
  return before.ok && after.ok ? differences(before.value.spec, after.value.spec) : [];
}
