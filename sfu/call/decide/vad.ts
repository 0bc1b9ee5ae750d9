/**
 * rtcd's voice activity detection (wire spec 5), packet by packet: somebody
 * speaks when the loudness of a second varies much, and no longer speaks when it
 * varies little. How loud that is does not matter.
 */

/** What is known of one session's voice. */
export interface Vad {
  /** The last levels (RFC 6464: −dBov, 0 loudest), oldest first; 50 at most. */
  readonly levels: readonly number[];
  readonly isOn: boolean;
  /** When it last went on; 0 before. */
  readonly onSinceMs: number;
}

/** Levels that make a judgement: a second of packets. */
const levelsKept = 50;
/** The deviation, dB, above which somebody begins to speak … */
const onAbove = 10;
/** … and below which they cease, */
const offBelow = 4;
/** but not sooner after they began. The plugin reads its database twice for each change. */
const shortestOnMs = 2_000;

/** Before the first packet, and after a mute. */
export const silentVad: Vad = { levels: [], isOn: false, onSinceMs: 0 };

/** What further packets change; `changes` has an entry, on or off, for each time that the judgement turned. */
export function hearPackets(
  vad: Vad,
  levels: readonly number[],
  nowMs: number,
): { readonly vad: Vad; readonly changes: readonly boolean[] } {
  const changes: boolean[] = [];
  let heard = vad;
  for (const level of levels) {
    const next = hearPacket(heard, level, nowMs);
    if (next.isOn !== heard.isOn) changes.push(next.isOn);
    heard = next;
  }
  return { vad: heard, changes };
}

function hearPacket(vad: Vad, level: number, nowMs: number): Vad {
  if (vad.levels.length < levelsKept) return { ...vad, levels: [...vad.levels, level] };
  const levels = [...vad.levels.slice(1), level];
  const deviation = deviationOf(levels);
  if (!vad.isOn && deviation > onAbove) return { levels, isOn: true, onSinceMs: nowMs };
  const isOver = vad.isOn && deviation < offBelow && nowMs - vad.onSinceMs >= shortestOnMs;
  return { ...vad, levels, isOn: vad.isOn && !isOver };
}

/** Of a sample, around its rounded mean and rounded itself: whole decibels throughout, as rtcd counts. */
function deviationOf(levels: readonly number[]): number {
  const mean = Math.round(levels.reduce((sum, level) => sum + level, 0) / levels.length);
  const squares = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0);
  return Math.round(Math.sqrt(squares / (levels.length - 1)));
}
