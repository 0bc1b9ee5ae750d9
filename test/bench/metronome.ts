/** Sends for everybody by one clock, spread over the 20 ms of a packet, so that they do not all come at once. */
import type { Sender } from './user.ts';

const packetMs = 20;
const stepMs = 5;

/** A running clock. */
export interface Metronome {
  /** Is sent from then on, until what is returned is called. */
  readonly add: (sender: Sender) => () => void;
  /** How many packets go out in the time of one; 1 at first. */
  readonly setSpeed: (speed: number) => void;
  readonly stop: () => void;
}

/** A timer that comes late sends what was due meanwhile, so that the rate holds. */
export function startMetronome(): Metronome {
  const phases: Sender[][] = Array.from({ length: packetMs / stepMs }, () => []);
  let [step, due, added, speed, lastMs] = [0, 0, 0, 1, performance.now()];
  const timer = setInterval(() => {
    const nowMs = performance.now();
    due += ((nowMs - lastMs) / stepMs) * speed;
    lastMs = nowMs;
    for (; step < Math.floor(due); step += 1)
      for (const sender of phases[step % phases.length]!) sender.send();
  }, stepMs);
  return {
    add: (sender) => {
      const phase = phases[added % phases.length]!;
      phase.push(sender);
      added += 1;
      return () => void phase.splice(phase.indexOf(sender), 1);
    },
    setSpeed: (wanted) => (speed = wanted),
    stop: () => clearInterval(timer),
  };
}
