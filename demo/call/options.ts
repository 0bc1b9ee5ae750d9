/** What the command line of a call by hand says. */
import { parseArgs } from 'node:util';

import { speakers } from '../speech/speakers.ts';

/** See the file comment. */
export interface CallOptions {
  /** Bots in the call. */
  readonly people: number;
  /** How long it lasts. */
  readonly seconds: number;
  /** Of the RTCCluster. */
  readonly name: string;
  /** Default: that of the kubeconfig's context. */
  readonly namespace?: string;
}

/** For whoever mistypes. */
export const usage = `usage: npm run call -- [--people 1-${speakers.length}] [--seconds N] [--cluster NAME] [-n NAMESPACE]
  people 2, seconds 60, cluster calls, and the namespace of the kubeconfig's context if not given; Ctrl-C ends it sooner
`;

/** Throws a RangeError that names what is wrong. */
export function callOptions(args: readonly string[]): CallOptions {
  const { values } = parsed(args);
  const [people, seconds] = [Number(values.people), Number(values.seconds)];
  if (!Number.isInteger(people) || people < 1 || people > speakers.length)
    throw new RangeError(
      `--people ${values.people} is not 1 to ${speakers.length}: there are no more voices`,
    );
  if (!(seconds > 0)) throw new RangeError(`--seconds ${values.seconds} is no number above 0`);
  return {
    ...{ people, seconds, name: values.cluster },
    ...(values.namespace !== undefined && { namespace: values.namespace }),
  };
}

function parsed(args: readonly string[]): {
  readonly values: {
    readonly people: string;
    readonly seconds: string;
    readonly cluster: string;
    readonly namespace?: string;
  };
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        people: { type: 'string', default: '2' },
        seconds: { type: 'string', default: '60' },
        cluster: { type: 'string', default: 'calls' },
        namespace: { type: 'string', short: 'n' },
      },
    });
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
