import { describe, expect, test } from '@jest/globals';
import type { Counts } from '../../operator/fleet/scale/measures.ts';
import { fitPrices, type Sample } from './fit.ts';
import { countsOf, loads } from './loads.ts';

const priced = (prices: Counts, noise: (index: number) => number = () => 0): readonly Sample[] =>
  loads.map((load, index) => {
    const counts = countsOf(load);
    const exact = Object.entries(counts).reduce(
      (sum, [name, count]) => sum + prices[name as keyof Counts] * (count as number),
      0,
    );
    return { name: load.name, counts, millicores: exact * (1 + noise(index)) };
  });
const prices: Counts = { sessions: 0.3, audioIn: 1.1, videoIn: 4, audioOut: 0.6, videoOut: 1.9 };

describe('prices', () => {
  test('are found again where a server keeps to them', () => {
    const { prices: found, rmsShare } = fitPrices(priced(prices));
    for (const [name, price] of Object.entries(prices))
      expect(found[name as keyof Counts]).toBeCloseTo(price as number, 6);
    expect(rmsShare).toBeCloseTo(0, 9);
  });

  test('are nearly found where each measurement is off by a twentieth', () => {
    const {
      prices: found,
      residuals,
      rmsShare,
    } = fitPrices(priced(prices, (index) => (index % 2 === 0 ? 0.05 : -0.05)));
    expect(found.audioOut / prices.audioOut).toBeCloseTo(1, 0);
    expect(rmsShare).toBeLessThan(0.06);
    expect(residuals.map(({ name }) => name)).toEqual(loads.map(({ name }) => name));
  });

  test('are never below zero', () => {
    const { prices: found } = fitPrices(priced({ ...prices, sessions: -0.05 }));
    expect(found.sessions).toBe(0);
    expect(found.audioOut).toBeGreaterThan(0);
  });

  test('are not made up from too little', () => {
    expect(() => fitPrices(priced(prices).slice(0, 4))).toThrow('4 samples say nothing about 5 prices');
  });
});

test('the loads tell the five counts apart', () => {
  const one = (name: keyof Counts): Counts => ({
    ...{ sessions: 0, audioIn: 0, videoIn: 0, audioOut: 0, videoOut: 0 },
    [name]: 1,
  });
  for (const name of Object.keys(prices) as (keyof Counts)[]) {
    const only = priced({ ...one(name), sessions: name === 'sessions' ? 1 : 0.1 });
    expect(fitPrices(only).prices[name]).toBeCloseTo(1, 5);
  }
});
