/** What the way of one operator process to the simulated API server is made of. */
import type { Resource } from '../../../operator/kube/api.ts';
import type { Verb } from '../../../operator/kube/resources.ts';
import type { SimApiServer } from './apiServer.ts';
import type { Random } from './random.ts';
import type { ProcessClock, SimTime } from './time.ts';
import type { Weather } from './weather.ts';

/** One write, before it is done. */
export interface Write {
  readonly verb: Verb;
  readonly resource: Resource;
  readonly subresource?: 'status';
  readonly key: string;
  /** Body of the request; of a delete, its preconditions. */
  readonly body: unknown;
  /** Name of the process that wrote; absent where nobody can tell. */
  readonly by?: string;
}

/** What the way is made of. */
export interface SimClientDeps {
  /** Name of the process. */
  readonly name: string;
  readonly server: SimApiServer;
  readonly time: SimTime;
  readonly clock: ProcessClock;
  readonly weather: Weather;
  readonly random: Random;
  /** Told of each write at the server: before, and after it was done. */
  readonly onWrite: (write: Write, phase: 'before' | 'after') => void;
  /** Told of every request that reaches the server. */
  readonly onRequest: (verb: Verb, resource: Resource) => void;
}
