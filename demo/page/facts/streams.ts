/** Pure: the streams of RTP in what `RTCPeerConnection.getStats` tells (W3C webrtc-stats), Chromium's and Firefox's alike. */

/** One entry of getStats, as plain data. */
export type StatsEntry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** Counters of one stream since it began. */
export interface StreamCounters {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly isSent: boolean;
  readonly packets: number;
  /** Of a stream that we send: as the server reports. */
  readonly lost: number;
  readonly bytes: number;
  /** Undefined before anybody measured it. */
  readonly jitterMs: number | undefined;
  /** When the browser counted, in milliseconds. */
  readonly atMs: number;
  /** Time that samples spent in the jitter buffer, and how many there were; 0 for streams that we send. */
  readonly bufferSeconds: number;
  readonly bufferCount: number;
  /** Of pictures; 0 otherwise, and before the first. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** All streams that have a line, received and sent. */
export function streamsIn(entries: readonly StatsEntry[]): StreamCounters[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'inbound-rtp') return [countersOf(entry, entry, false)];
    if (entry.type !== 'outbound-rtp') return [];
    const reported = entries.find(
      (other) => other.type === 'remote-inbound-rtp' && other['localId'] === entry.id,
    );
    return [countersOf(entry, reported, true)];
  });
}

/** The round trip of the pair of candidates in use, else what the server's reports say; undefined before either. */
export function roundTripMsIn(entries: readonly StatsEntry[]): number | undefined {
  const pair = entries.find(
    (entry) =>
      entry.type === 'candidate-pair' &&
      entry['nominated'] === true &&
      isNumber(entry['currentRoundTripTime']),
  );
  const report = entries.find(
    (entry) => entry.type === 'remote-inbound-rtp' && isNumber(entry['roundTripTime']),
  );
  const seconds = pair?.['currentRoundTripTime'] ?? report?.['roundTripTime'];
  return isNumber(seconds) ? seconds * 1000 : undefined;
}

/** `counted` has loss and jitter: the far end's report where we send. */
function countersOf(entry: StatsEntry, counted: StatsEntry | undefined, isSent: boolean): StreamCounters {
  const jitter = counted?.['jitter'];
  return {
    mid: typeof entry['mid'] === 'string' ? entry['mid'] : '',
    kind: entry['kind'] === 'video' ? 'video' : 'audio',
    isSent,
    packets: numberIn(entry, isSent ? 'packetsSent' : 'packetsReceived'),
    lost: Math.max(0, numberIn(counted, 'packetsLost')), // Duplicates make it negative (RFC 3550 A.3).
    bytes: numberIn(entry, isSent ? 'bytesSent' : 'bytesReceived'),
    jitterMs: isNumber(jitter) ? jitter * 1000 : undefined,
    atMs: numberIn(entry, 'timestamp'),
    bufferSeconds: numberIn(entry, 'jitterBufferDelay'),
    bufferCount: numberIn(entry, 'jitterBufferEmittedCount'),
    width: numberIn(entry, 'frameWidth'),
    height: numberIn(entry, 'frameHeight'),
    framesPerSecond: numberIn(entry, 'framesPerSecond'),
  };
}

function numberIn(entry: StatsEntry | undefined, key: string): number {
  const value = entry?.[key];
  return isNumber(value) ? value : 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
