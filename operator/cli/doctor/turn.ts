/** PURE: whether people in restrictive networks get out: allocations as clients make them; and what lies on the node's network. */
import { rtcClusterSchema } from '../../api/rtccluster.ts';
import { ok, unknown, type Check, type Finding, type TurnTrial } from './finding.ts';

/** Real allocations with real credentials, from here. */
export const turn: Check = ({ cluster: object, trials }) => {
  const cluster = rtcClusterSchema.safeParse(object).data;
  const name = cluster?.spec.turn.turnServerName;
  if (cluster !== undefined && name === undefined)
    return [
      ok(
        'turn',
        'There is no TURN: people whose network lets only the web through cannot take part (turn.turnServerName)',
      ),
    ];
  if (trials === undefined) return [];
  if ('unknown' in trials)
    return [unknown('turn', `TURN servers of ${name} could not be tried: ${trials.unknown}`)];
  if (trials.value.length === 0)
    return [
      {
        id: 'turn',
        level: 'fail',
        message: `TurnServer ${name} offers no server`,
        fix: 'See kubectl rtc status',
      },
    ];
  return trials.value.map(trialOf);
};

function trialOf({ uri, ok: isOk, reason, code }: TurnTrial): Finding {
  const id = `turn/${uri}`;
  if (isOk) return ok(id, `${uri} gave an allocation`);
  if (code === undefined)
    return unknown(
      id,
      `${uri} does not answer from here: ${reason}`,
      'Run it from a network that clients are in. If it does not answer there either: open its port, or see whether the address is right',
    );
  if (code === 401)
    return {
      ...{
        id,
        level: 'fail',
        message: `${uri} refuses the credentials that Mattermost makes (401): ${reason}`,
      },
      fix: 'See the conditions SecretsSynced and ConsumersAdopted of the TurnServer: a secret was changed in place, or a Mattermost was not restarted after a rotation',
    };
  return {
    ...{ id, level: 'fail', message: `${uri} refuses an allocation (${code}): ${reason}` },
    fix:
      code === 486
        ? 'Raise limits.allocationsPerUser or allocationsTotal'
        : 'See the logs of the coturn, and kubectl rtc status',
  };
}

/** Who relays by TURN can send UDP to its node; VXLAN believes what it gets there. */
export const overlay: Check = ({ cluster: object, overlay: found }) => {
  const cluster = rtcClusterSchema.safeParse(object).data;
  const id = 'network/overlay';
  if ('unknown' in found)
    return [unknown(id, `How pods of one node reach those of another could not be read: ${found.unknown}`)];
  const { name, isEncrypted } = found.value;
  if (isEncrypted || name === 'none')
    return [ok(id, `The overlay network is ${name}${isEncrypted ? ', encrypted' : ''}`)];
  const relays = cluster?.spec.turn.turnServerName !== undefined;
  const message = `The overlay network (${name}) is not encrypted: nodes believe packets that anybody sends to its UDP port`;
  return [
    {
      ...{ id, level: 'warn', message: relays ? `${message}, who relays by TURN among them` : message },
      fix: 'Let only nodes send to it (deploy/firewall/turn-node.nft is an example), or encrypt it (WireGuard)',
    },
  ];
};

/** ConfigMaps of network plugins → what is configured; undefined: none of these is known. */
export function overlayIn(
  maps: Readonly<Record<string, Readonly<Record<string, string>>>>,
): { readonly name: string; readonly isEncrypted: boolean } | undefined {
  const flannel = maps['kube-flannel-cfg']?.['net-conf.json'];
  if (flannel !== undefined) {
    const backend = /"Type"\s*:\s*"([\w-]+)"/.exec(flannel)?.[1] ?? 'vxlan';
    return { name: `flannel ${backend}`, isEncrypted: ['wireguard', 'ipsec'].includes(backend) };
  }
  const cilium = maps['cilium-config'];
  if (cilium === undefined) return undefined;
  const isEncrypted = cilium['enable-wireguard'] === 'true' || cilium['enable-ipsec'] === 'true';
  if (cilium['routing-mode'] === 'native') return { name: 'none', isEncrypted };
  return { name: `cilium ${cilium['tunnel-protocol'] ?? 'vxlan'}`, isEncrypted };
}
