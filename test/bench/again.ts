/** Pure: a run that was kept, after a few of its scenarios were measured by themselves. */
import type { Again, WholeBench } from './page.ts';
import type { Bench, Repeat } from './play.ts';

/** The kept run with the scenarios of `few` in place of its own. One that was not played to the end stays. */
export function withAgain(kept: WholeBench, few: Bench, source: Again): WholeBench {
  const played = [...few.played].filter(([, rounds]) => rounds.length > 0);
  const names = new Set(played.map(([name]) => name));
  const others = ({ scenario }: Repeat): boolean => !names.has(scenario);
  return {
    ...kept,
    played: new Map([...kept.played, ...played]),
    repeats: [...kept.repeats.filter(others), ...few.repeats],
    failed: [...kept.failed.filter(others), ...few.failed],
    again: { ...kept.again, ...Object.fromEntries(played.map(([name]) => [name, source])) },
  };
}
