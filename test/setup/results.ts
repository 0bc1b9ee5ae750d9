/** Pure: what jest reported → counts and the words for what failed. */

/** The part of jest's `--json` output that is read here. */
export interface JestReport {
  readonly testResults: readonly {
    /** Path of the test file. */
    readonly name: string;
    /** Why the file could not be run; empty when it could. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
    readonly status: string;
  }[];
}

/** One thing that did not pass. */
export interface Failure {
  /** Where it is, and which test. */
  readonly name: string;
  readonly message: string;
}

/** How a part of the run went. */
export interface Outcome {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** A test that did not run is no pass: skipped ones and files that crash count as failed. */
export function outcomeOf(report: JestReport): Outcome {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name })),
  );
  const failed = tests
    .filter(({ status }) => status !== 'passed')
    .map(({ file, fullName, status, failureMessages }) => ({
      name: `${file}: ${fullName}`,
      message: failureMessages?.join('\n') || `was ${status}, not run`,
    }));
  const crashed = report.testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every(isPassed))
    .map(({ name, message }) => ({ name, message }));
  return { passed: tests.length - failed.length, failures: [...failed, ...crashed] };
}

function isPassed({ status }: { readonly status: string }): boolean {
  return status === 'passed';
}

/** The parts of a run as one. */
export function sumOf(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/** The last line of a run. */
export function lastLine({ passed, failures }: Outcome): string {
  return `${passed} passed, ${failures.length} failed`;
}
