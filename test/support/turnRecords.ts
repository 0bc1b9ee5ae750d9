/** Records of a TurnServer as an operator would tell them, on a simulated API server. */
import { recordVersion, type TurnRecord } from '../../operator/record/record.ts';
import { redactedTurn } from '../../operator/record/redactTurn.ts';
import { running, type TurnSituation } from '../operator/fields/turn/situation.ts';
import { createTurnWorld, type TurnWorld } from '../operator/fields/turn/world.ts';

/** What a record is to be of. */
export interface TurnRecorded {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly situation?: TurnSituation;
}

const noConsumers = { consumers: [], unseen: [] };

/** Two pods that serve, when nothing else is said; before the first decision. */
export function turnWorld({ spec = {}, situation = running({}, {}) }: TurnRecorded = {}): TurnWorld {
  return createTurnWorld({ placement: { replicas: 2 }, ...spec }, situation);
}

/** Of a world as it is. */
export function turnRecordOf(world: TurnWorld): TurnRecord {
  const entry = world.journal.of('mattermost/edge');
  return {
    ...{ recordVersion, by: 'rtc-operator-0', settings: { operatorsImage: 'operator' } },
    observed: redactedTurn(world.observe()),
    consumers: noConsumers,
    ...(entry && { last: entry.last }),
    changes: entry?.changes ?? [],
  };
}

/** Before the first decision. */
export function aTurnRecord(recorded: TurnRecorded = {}): TurnRecord {
  return turnRecordOf(turnWorld(recorded));
}

/** After the operator came to rest. */
export async function settledTurnRecord(recorded: TurnRecorded = {}): Promise<TurnRecord> {
  const world = turnWorld(recorded);
  await world.settle();
  return turnRecordOf(world);
}
