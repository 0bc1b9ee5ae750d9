/** What goes wrong between an operator and the API server: changed by the scenario as it goes. */
import { isDeepStrictEqual } from 'node:util';
import type { Random } from './random.ts';

/** How bad it is. Shares are probabilities of one request or one event. */
export interface Weather {
  /** Nobody answers at all. */
  isDown: boolean;
  /** Requests that are refused, with a status of `statuses`. */
  refusedShare: number;
  statuses: readonly number[];
  /** Requests that are lost before anything happened. */
  cutShare: number;
  /** Writes that happen although the answer is lost. */
  lostAnswerShare: number;
  /** The answer to the next write is lost, but for leases and events. */
  losesNextAnswer: boolean;
  /** Longest way of a request, and of an answer. */
  requestMs: number;
  /** Longest way of an event to a watch; each kind has its own, so kinds overtake each other. */
  eventMs: number;
  /** Events that come twice. */
  repeatedShare: number;
  /** Events at which the watch breaks instead. */
  brokenShare: number;
  /** Events at which the watch falls silent without ending. */
  halfOpenShare: number;
}

/** What becomes of one request. */
export type RequestFate = 'done' | 'cut' | 'lostAnswer' | { readonly status: number };

/** What becomes of one event. */
export type EventFate = 'delivered' | 'repeated' | 'broken' | 'halfOpen';

/** Nothing goes wrong. */
export function fairWeather(): Weather {
  return {
    isDown: false,
    refusedShare: 0,
    statuses: [500],
    cutShare: 0,
    lostAnswerShare: 0,
    losesNextAnswer: false,
    requestMs: 20,
    eventMs: 100,
    repeatedShare: 0,
    brokenShare: 0,
    halfOpenShare: 0,
  };
}

/** Whether nothing goes wrong. */
export function isFair(weather: Weather): boolean {
  return isDeepStrictEqual(weather, fairWeather());
}

/** The first that applies. */
export function fateOfRequest(weather: Weather, isWrite: boolean, random: Random): RequestFate {
  if (weather.isDown || random.chance(weather.cutShare)) return 'cut';
  if (random.chance(weather.refusedShare)) return { status: random.pick(weather.statuses) };
  return isWrite && random.chance(weather.lostAnswerShare) ? 'lostAnswer' : 'done';
}

/** The first that applies. */
export function fateOfEvent(weather: Weather, random: Random): EventFate {
  if (weather.isDown || random.chance(weather.brokenShare)) return 'broken';
  if (random.chance(weather.halfOpenShare)) return 'halfOpen';
  return random.chance(weather.repeatedShare) ? 'repeated' : 'delivered';
}
