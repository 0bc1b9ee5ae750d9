/**
 * Pure: what the Mattermost Calls plugin does with its SFU hosts, as one table.
 * Everything beside this file only carries it out. Sources: the plugin's
 * `server/rtcd.go` (versions 1.10 to 1.12), rtcd's `service/client.go`, and the
 * sections of this project's wire spec that describe them.
 */

/** One rule: its figure, what it says, and where that comes from. */
export interface Rule {
  readonly value: number | string;
  readonly says: string;
  readonly source: string;
}

/** The rules by name. Times in milliseconds. */
export const pluginRules = {
  resolveEveryMs: {
    value: 10_000,
    says: 'The service host is resolved again every 10 s.',
    source: 'plugin server/rtcd.go, hosts checker; wire spec 9.2',
  },
  resolveTimeoutMs: {
    value: 2000,
    says: 'A look-up may take 2 s, and only IPv4 addresses count.',
    source: 'plugin server/rtcd.go, resolveURL; wire spec 9.2',
  },
  unresolvedKeepsFlags: {
    value: 'unchanged',
    says: 'A look-up that fails or finds nothing changes nothing: no host is flagged or unflagged.',
    source: 'plugin server/rtcd.go, hosts checker',
  },
  newHostDelayMaxMs: {
    value: 5000,
    says: 'A new address is connected after a random wait of up to 5 s, one after the other; a failure is tried again at the next look-up.',
    source: 'plugin server/rtcd.go, hosts checker; wire spec 9.2',
  },
  vanishedIsFlagged: {
    value: 'flagged',
    says: 'An address that vanished is flagged: no new calls, while its calls and its connection stay. One that returns is unflagged.',
    source: 'plugin server/rtcd.go, hosts checker; wire spec 9.2',
  },
  activationNeedsAll: {
    value: 'all',
    says: 'At activation every host must let us in and be new enough; one that does not makes activation fail.',
    source: 'plugin server/rtcd.go, newRTCDClientManager; wire spec 9.2',
  },
  minimumVersion: {
    value: '0.17.0',
    says: 'A host reports at least v0.17.0. Nothing, `master` and `dev…` pass unchecked.',
    source: 'plugin plugin.json, min_rtcd_version; wire spec 1.3',
  },
  newCallGoesTo: {
    value: 'lowest cpu_load',
    says: 'A new call asks every unflagged, connected host for its load and takes the lowest; when none answers, any.',
    source: 'plugin server/rtcd.go, GetHostForNewCall; wire spec 9.2 and 1.4',
  },
  callStaysOnHost: {
    value: 'pinned',
    says: 'A call stays on the host it began on, flagged or not, until its last session ends.',
    source: 'plugin server/rtcd.go, rtcd_host in the props of the call; wire spec 9.2',
  },
  registerOnFailure: {
    value: 'register, then connect',
    says: 'A host that refuses our credentials is asked to register them, then connected once more.',
    source: 'plugin server/rtcd.go, registerRTCDClient; wire spec 9.2',
  },
  reconnectAttempts: {
    value: 8,
    says: 'A lost connection is tried again up to 8 times, then the host is forgotten. A flagged host is forgotten at once.',
    source: 'plugin server/rtcd.go, reconnect callback; wire spec 9.3',
  },
  reconnectStepMaxMs: {
    value: 5000,
    says: 'Attempt k waits k times a random step of up to 5 s (2 s when that is 0), never more than 30 s.',
    source: 'rtcd service/client.go, reconnect; wire spec 9.3',
  },
  oneScreen: {
    value: 1,
    says: 'One person of a call shares a screen at a time.',
    source: 'plugin server/websocket.go, screen_on; wire spec 3.8',
  },
  webcamIn: {
    value: 'direct messages',
    says: 'A webcam is offered in calls of two where the administrator allows it. This page offers it in every call: the SFU makes no difference.',
    source: 'plugin 1.12, setting EnableVideo; wire spec 3.9',
  },
  userGraceMs: {
    value: 10_000,
    says: 'A person whose own connection drops has 10 s to come back before the session is ended.',
    source: 'plugin server/websocket.go, wsReconnectionTimeout; wire spec 2.8',
  },
  sdpCompressedMaxBytes: {
    value: 8192,
    says: 'An offer or answer may take 8 KiB on its way to the plugin',
    source: 'Mattermost WebSocket message limit; wire spec 3.2',
  },
  sdpMaxBytes: {
    value: 65_536,
    says: 'and 64 KiB when inflated.',
    source: 'plugin server/utils.go, sdpDataMaxSize; wire spec 3.2',
  },
} as const satisfies Record<string, Rule>;
