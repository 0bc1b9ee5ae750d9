/** The series of `/metrics` about calls and workers: rtcd's names and labels to the letter (wire spec 8), ours under `rtc_sfu_`. */

/** Prometheus' default buckets, which rtcd uses for connection and lock times. */
const defaults = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const fine = [0.001, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.4, 0.5, 0.75, 1];
const loss = [0.001, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1];

/** One series. */
export interface MetricRow {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

/** What is counted here; `docs/metrics.md` is written from it. */
export const metricsTable = {
  sessions: {
    type: 'gauge',
    name: 'rtcd_rtc_sessions_total',
    help: 'Active sessions.',
    labels: ['groupID'],
  },
  tracks: {
    type: 'gauge',
    name: 'rtcd_rtc_rtp_tracks_total',
    help: 'Media tracks; type is the MIME type.',
    labels: ['groupID', 'direction', 'type'],
  },
  writesTime: {
    type: 'histogram',
    name: 'rtcd_rtc_rtp_tracks_writes_time',
    help: 'Seconds a packet waits in a media worker before it is sent, sampled each second; webcams count as screen.',
    labels: ['groupID', 'type'],
    buckets: fine,
  },
  connectionStates: {
    type: 'counter',
    name: 'rtcd_rtc_conn_states_total',
    help: 'Changes of connection state.',
    labels: ['type'],
  },
  errors: {
    type: 'counter',
    name: 'rtcd_rtc_errors_total',
    help: 'Errors in sessions.',
    labels: ['groupID', 'type'],
  },
  connectionTime: {
    type: 'histogram',
    name: 'rtcd_rtc_connection_time',
    help: 'Seconds from join to a connected transport.',
    labels: ['groupID'],
    buckets: defaults,
  },
  dcOpenTime: {
    type: 'histogram',
    name: 'rtcd_rtc_dc_open_time',
    help: 'Seconds from the first answer to an open data channel.',
    labels: ['groupID'],
    buckets: defaults,
  },
  lockGrabTime: {
    type: 'histogram',
    name: 'rtcd_rtc_signaling_lock_grab_time',
    help: 'Seconds the server waited for a signaling lock.',
    labels: ['groupID'],
    buckets: defaults,
  },
  lockLockedTime: {
    type: 'histogram',
    name: 'rtcd_rtc_signaling_lock_locked_time',
    help: 'Seconds a signaling lock was held.',
    labels: ['groupID'],
    buckets: defaults,
  },
  clientLossRate: {
    type: 'histogram',
    name: 'rtcd_rtc_client_loss_rate',
    help: 'Loss reported by clients, 0 to 1.',
    labels: ['groupID'],
    buckets: loss,
  },
  clientRtt: {
    type: 'histogram',
    name: 'rtcd_rtc_client_rtt',
    help: 'Round trip reported by clients, in seconds.',
    labels: ['groupID'],
    buckets: fine,
  },
  clientJitter: {
    type: 'histogram',
    name: 'rtcd_rtc_client_jitter',
    help: 'Jitter reported by clients, in seconds.',
    labels: ['groupID'],
    buckets: fine,
  },
  connections: {
    type: 'gauge',
    name: 'rtcd_ws_connections_total',
    help: 'Open plugin connections.',
    labels: ['clientID'],
  },
  messages: {
    type: 'counter',
    name: 'rtcd_ws_messages_total',
    help: 'Messages of plugin connections; hello and close are not counted.',
    labels: ['clientID', 'type', 'direction'],
  },
  joinTime: {
    type: 'histogram',
    name: 'rtc_sfu_join_seconds',
    help: "Seconds from a client's first offer to our answer: the server's share of a join.",
    labels: ['client_id'],
    buckets: fine,
  },
  iceFailures: {
    type: 'counter',
    name: 'rtc_sfu_ice_failures_total',
    help: 'Sessions without a path to their client: never_connected, lost, dtls, server.',
    labels: ['cause'],
  },
  packets: {
    type: 'counter',
    name: 'rtc_sfu_packets_total',
    help: 'RTP packets from clients (in) and to them (out), told by their tracks in turn: seconds late, and without the last ones of a track that ended or retransmissions to clients.',
    labels: ['direction'],
  },
  workerDelay: {
    type: 'gauge',
    name: 'rtc_sfu_worker_delay_seconds',
    help: 'How long the last thing asked of the worker waited for its turn, or waits so far; packets wait in the same line. Asked each second, every five without calls.',
    labels: ['worker'],
  },
  limited: {
    type: 'counter',
    name: 'rtc_sfu_limited_total',
    help: 'What a limit refused, left out or slowed down: sessions, calls, tracks, connections, messages, data.',
    labels: ['client_id', 'limit'],
  },
  calls: {
    type: 'gauge',
    name: 'rtc_sfu_calls',
    help: 'Calls that have sessions.',
    labels: [],
  },
  load: {
    type: 'gauge',
    name: 'rtc_sfu_load',
    help: 'Mean load of the worker cores, 0 to 1.',
    labels: [],
  },
  draining: {
    type: 'gauge',
    name: 'rtc_sfu_draining',
    help: '1 while the server drains.',
    labels: [],
  },
  full: {
    type: 'gauge',
    name: 'rtc_sfu_full',
    help: '1 while no worker has room for a new call, or the session limit is reached.',
    labels: [],
  },
  demand: {
    type: 'gauge',
    name: 'rtc_sfu_demand',
    help: 'The five counts that CPU use follows from: sessions, audioIn, videoIn, audioOut, videoOut.',
    labels: ['kind'],
  },
  workerUp: {
    type: 'gauge',
    name: 'rtc_sfu_worker_up',
    help: '1 while the media worker is up and does not hang; worker 0 is on the first media port.',
    labels: ['worker'],
  },
  workerLoad: {
    type: 'gauge',
    name: 'rtc_sfu_worker_load',
    help: 'Share of time in which the worker ran or waited for a core, 0 to 1, calls that have just come included.',
    labels: ['worker'],
  },
  workerSessions: {
    type: 'gauge',
    name: 'rtc_sfu_worker_sessions',
    help: 'Sessions on the worker.',
    labels: ['worker'],
  },
  workerPipes: {
    type: 'gauge',
    name: 'rtc_sfu_worker_pipes',
    help: 'Tracks that come to the worker from other workers.',
    labels: ['worker'],
  },
  workerCpu: {
    type: 'counter',
    name: 'rtc_sfu_worker_cpu_seconds_total',
    help: 'CPU time of the worker since it was started.',
    labels: ['worker'],
  },
  workerDeaths: {
    type: 'counter',
    name: 'rtc_sfu_worker_deaths_total',
    help: 'How often the worker died; each time it ended the sessions on it and was started again.',
    labels: ['worker'],
  },
} as const satisfies Readonly<Record<string, MetricRow>>;
