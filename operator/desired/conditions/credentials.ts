/** Whether Mattermost and the pods know each other's credentials. */
import type { BindingCopies } from '../bindingCopies.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

const none: BindingCopies = { wanted: [], problems: [] };

/** CredentialsSynced: every client has a usable Secret, and every namespace that asked has the binding. */
export function credentialsSynced({ cluster, credentialProblems, copies = none }: ConditionInput): Verdict {
  const type = 'CredentialsSynced';
  if (credentialProblems.length > 0)
    return { type, status: 'False', reason: 'CredentialsMissing', message: credentialProblems.join('; ') };
  const [first] = copies.problems;
  if (first !== undefined) {
    const message = copies.problems.map((problem) => problem.message).join('; ');
    return { type, status: 'False', reason: first.reason, message };
  }
  const clients = cluster.spec.auth.clients.map(({ name }) => name).join(', ');
  const elsewhere = copies.wanted.map(({ metadata }) => metadata.namespace).join(', ');
  return {
    type,
    status: 'True',
    reason: 'Synced',
    message: `Clients: ${clients}${elsewhere === '' ? '' : `; the binding is also in ${elsewhere}`}`,
  };
}
