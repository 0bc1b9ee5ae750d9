/** Who is compared, on what, and how it came out. */
import { ours } from './ours.ts';
import { agones, hpa, jitsi, type Policy } from './policies.ts';
import { play, type Outcome } from './run.ts';
import { traces, type Trace } from './traces.ts';

/** All policies on one trace. */
export interface Round {
  readonly trace: Trace;
  readonly outcomes: readonly Outcome[];
}

/** `scaling: {mode: Auto}`, with bounds and nothing else. */
export const asItComes = 'ours, defaults';

const others: readonly (() => Policy)[] = [
  () => hpa('HPA on CPU 60 %', 0.6, (pod) => pod.load),
  () => hpa('HPA on 200 sessions', 200, (pod, fleet) => fleet.sessions(pod)),
  () => agones('Agones, 200 places free', { free: 200, perPod: 250 }),
  () => jitsi('Jitsi, periods'),
];

/** Three events that somebody knew of. */
function reservations(trace: Trace): object[] {
  const date = (ms: number): string => new Date(Date.parse('2026-11-23T00:00:00Z') + ms).toISOString();
  return trace.calls
    .filter(({ people }) => people > 100)
    .map(({ startMs, endMs }, index) => ({
      ...{ name: `town-hall-${index + 1}`, start: date(startMs), end: date(endMs), sessions: 1500 },
    }));
}

function policiesFor(trace: Trace): Policy[] {
  const known = reservations(trace);
  const target = { sessionsPerPod: 300, loadPercent: 70, cpuPercent: 70 };
  const planned = known.length === 0 ? [] : [ours('ours, reservations', { target, reservations: known })];
  return [ours(asItComes), ...planned, ...others.map((make) => make())];
}

/** Ours alone, with nothing but bounds. */
export function playOurs(trace: Trace): Outcome {
  return play(trace, ours(asItComes));
}

/** One trace. */
export function playRound(trace: Trace): Round {
  return { trace, outcomes: policiesFor(trace).map((policy) => play(trace, policy)) };
}

/** Every trace through every policy. */
export function playAll(): Round[] {
  return traces().map(playRound);
}
