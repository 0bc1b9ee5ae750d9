/** PURE: whether Mattermost is given the credentials that the pods take. Values are compared, and never told. */
import { rtcClusterSchema } from '../../api/rtccluster.ts';
import { bindingKeys, names, secretKeys } from '../../desired/names.ts';
import { ok, unknown, type Check, type Finding } from './finding.ts';

/** The binding Secret against the Secret of the first client, which pods read. */
export const credentials: Check = ({ cluster: object, secrets }) => {
  const cluster = rtcClusterSchema.safeParse(object).data;
  const [client] = cluster?.spec.auth.clients ?? [];
  if (cluster === undefined || client === undefined) return [];
  const id = 'credentials/binding';
  if ('unknown' in secrets)
    return [
      unknown(
        id,
        `Secrets could not be read, so whether Mattermost has the right credentials is not known: ${secrets.unknown}`,
      ),
    ];
  const bindingName = names.bindingSecret(cluster);
  const clientName = names.clientSecret(cluster, client);
  const binding = secrets.value[bindingName];
  const registered = secrets.value[clientName];
  if (registered === undefined)
    return [lacks(id, clientName, 'Create it with clientID and authKey, or set create: true')];
  if (binding === undefined) return [lacks(id, bindingName, 'See the condition CredentialsSynced')];
  const wrong = pairs.filter(([variable, key]) => binding[variable] !== registered[key]);
  if (wrong.length === 0)
    return [ok(id, `Secret ${bindingName} has the credentials that the pods take (${clientName})`)];
  const which = wrong.map(([variable, key]) => `${variable} is not ${key} of ${clientName}`).join(', ');
  return [
    {
      ...{
        id,
        level: 'fail',
        message: `Secret ${bindingName}: ${which}. A Mattermost with it is refused with 401`,
      },
      fix: `The operator writes it anew unless it may not (condition CredentialsSynced, kubectl rtc why); then restart Mattermost, which reads it when it starts`,
    },
  ];
};

const pairs = [
  [bindingKeys.clientID, secretKeys.clientID],
  [bindingKeys.authKey, secretKeys.authKey],
] as const;

function lacks(id: string, secret: string, fix: string): Finding {
  return { id, level: 'fail', message: `Secret ${secret} is not there`, fix };
}
