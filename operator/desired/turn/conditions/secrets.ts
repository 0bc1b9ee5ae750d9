/** Whether credentials are taken, and where a rotation stands. */
import { secretHash } from '../../../turn/secretHash.ts';
import { takes } from '../../../turn/facts.ts';
import { answering, unheard, type TurnConditionInput, type TurnVerdict } from './input.ts';

/** SecretsSynced: every published server takes the credentials that are made now. */
export function secretsSynced({ decision, rotation }: TurnConditionInput): TurnVerdict {
  const type = 'SecretsSynced';
  const { issue, reason } = rotation;
  if (issue === undefined) {
    const isHeld = reason.reason === 'StepNotWritten';
    const message = isHeld ? reason.message : 'The secret is being made';
    return { type, status: 'Unknown', reason: 'SecretMissing', message };
  }
  const hash = secretHash(issue);
  const refusing = answering(decision.members).filter(({ turn }) => !takes(turn, hash));
  if (refusing.length > 0) {
    const told = refusing.map(({ member, turn }) => `${member.pod.name}: ${whyNot(turn, hash)}`);
    return {
      type,
      status: 'False',
      reason: 'SecretNotTaken',
      message: `Credentials of secret ${hash} are not taken by ${told.join('; ')}`,
    };
  }
  const unknown = unheard(decision.members);
  return { type, ...(unknown ?? { status: 'True', ...reason }) };
}

function whyNot(turn: Parameters<typeof takes>[0], hash: string): string {
  const trial = turn?.trials[hash];
  if (trial?.ok === false) return trial.reason;
  return turn?.problem ?? 'no allocation was made with it yet';
}

/** ConsumersAdopted: no Mattermost makes credentials with an old secret any more. */
export function consumersAdopted({ rotation }: TurnConditionInput): TurnVerdict {
  const type = 'ConsumersAdopted';
  const { stage, waitingFor, reason } = rotation;
  if (stage === 'Overlapping' && waitingFor.length > 0) return { type, status: 'False', ...reason };
  if (stage === 'Overlapping') return { type, status: 'True', ...reason };
  return {
    type,
    status: 'True',
    reason: 'NothingToAdopt',
    message: 'No old secret waits for somebody to stop using it',
  };
}
