/** What is played: calls, the people in each, who of them speaks or shares, and what happens then. Data only. */

/** People who come one after the other into a call that has so many listeners, and go again. */
export interface Storm {
  /** Listeners that are there before the first comes; one more person speaks. */
  readonly present: number;
  readonly joins: number;
  readonly joinsPerSecond: number;
}

/** How much faster than in life people speak, until the server cannot follow. */
export interface Ramp {
  /** Of one core, for the whole server: a machine of two cores has no generator that could fill one. */
  readonly cpuShare: number;
  readonly firstSpeed: number;
  readonly growth: number;
}

/** One load. People join muted; the first of each call speak. */
export interface Scenario {
  readonly name: string;
  readonly calls: number;
  readonly peoplePerCall: number;
  /** Speaking at the same time, each 50 packets a second. */
  readonly unmutedPerCall: number;
  /** Of one person in each call; 0 is none. */
  readonly screenBps: number;
  /** Of what flows once everybody is there. Default: as long as the run says. */
  readonly windowSeconds?: number;
  /** Into the first call, in this order. */
  readonly storms?: readonly Storm[];
  /** In this time everybody is replaced by somebody else. */
  readonly churnSeconds?: number;
  readonly ramp?: Ramp;
  /** At most so many counted rounds: what takes long and varies little. */
  readonly rounds?: number;
}

const voices = (calls: number, peoplePerCall: number, unmutedPerCall: number): Scenario => ({
  name: `${calls}x${peoplePerCall}-u${unmutedPerCall}`,
  calls,
  peoplePerCall,
  unmutedPerCall,
  screenBps: 0,
});

const storm = (present: number, joinsPerSecond: number): Storm => ({
  present,
  joins: joinsPerSecond === 1 ? 5 : 10,
  joinsPerSecond,
});

/** The published load tests of rtcd, scaled down to two cores; then what a quiet load does not show. */
export const scenarios: readonly Scenario[] = [
  voices(1, 50, 2),
  voices(10, 10, 2),
  voices(50, 2, 2),
  voices(20, 10, 1),
  { ...voices(10, 10, 1), name: '10x10-u1-screen', screenBps: 1_600_000 },
  voices(1, 100, 2),
  {
    ...voices(1, 1, 1),
    name: 'joins',
    windowSeconds: 1,
    storms: [storm(0, 1), storm(0, 10), storm(10, 1), storm(10, 10), storm(50, 1), storm(50, 10)],
    rounds: 3,
  },
  {
    ...voices(1, 1, 1),
    name: 'join-50-at-once',
    windowSeconds: 1,
    storms: [{ present: 0, joins: 50, joinsPerSecond: 1000 }],
  },
  {
    ...voices(1, 50, 2),
    name: 'saturation',
    ramp: { cpuShare: 0.15, firstSpeed: 0.2, growth: 1.3 },
    rounds: 2,
  },
  { ...voices(5, 10, 1), name: 'churn', windowSeconds: 3, churnSeconds: 60, rounds: 1 },
  { ...voices(0, 0, 0), name: 'idle', windowSeconds: 30, rounds: 1 },
];

/** Packets a second that the server has to forward: each of a sender goes to everybody else in its call. */
export function forwardedPerSecond(scenario: Scenario): number {
  const { calls, peoplePerCall, unmutedPerCall, screenBps } = scenario;
  const sent = unmutedPerCall * voicePacketsPerSecond + screenPacketsPerSecond(screenBps);
  return calls * Math.max(0, peoplePerCall - 1) * sent;
}

/** Opus in packets of 20 ms. */
export const voicePacketsPerSecond = 50;

/** Of one packet of speech at 32 kbit/s. */
export const voicePacketBytes = 80;

/** Of one packet of a shared screen. */
export const screenPacketBytes = 1100;

/** Not a whole number. */
export function screenPacketsPerSecond(bps: number): number {
  return bps / (8 * screenPacketBytes);
}
