/** Runs scenarios on one kind of server: a server for each group, scenarios of a group side by side. */
import { sideBySide } from '../setup/sideBySide.ts';
import { createBrowsers } from './browser/browsers.ts';
import type { Group, Scenario } from './scenario.ts';
import { type Program, type ServerUnderTest, startServer } from './server.ts';
import { createStage, type Stage } from './stage.ts';
import type { Result } from './results.ts';

/** How to run. */
export interface RunOptions {
  readonly program: Program;
  /** Groups whose server runs at the same time. Default 2. */
  readonly groupsAtOnce?: number;
  /** Told as soon as each has ended. */
  readonly onResult: (result: Result) => void;
}

/** A scenario that has not ended by then has failed. */
const scenarioLimitMs = 120_000;

/** Resolves when all have ended; results come in no order. */
export async function runGroups(groups: readonly Group[], options: RunOptions): Promise<void> {
  await sideBySide(groups, options.groupsAtOnce ?? 2, (group) => runGroup(group, options));
}

async function runGroup(group: Group, { program, onResult }: RunOptions): Promise<void> {
  const report = (scenario: Scenario, failure: string | undefined): void =>
    onResult({
      name: scenario.name,
      spec: scenario.spec,
      group: group.name,
      ...(scenario.quirk === undefined ? {} : { quirk: scenario.quirk }),
      ...(failure === undefined ? {} : { failure }),
    });
  const browsers = createBrowsers();
  let server: ServerUnderTest;
  try {
    const env = typeof group.env === 'function' ? await group.env() : (group.env ?? {});
    server = await startServer(program, { env });
  } catch (error) {
    for (const scenario of group.scenarios) report(scenario, messageOf(error));
    return;
  }
  try {
    await sideBySide(group.scenarios, group.concurrency ?? 4, async (scenario) => {
      const stage = createStage(program, server, browsers);
      report(scenario, await failureOf(scenario, stage, program));
      await stage.close();
    });
  } finally {
    await browsers.close();
    await server.stop();
  }
}

/** Why it did not pass; undefined when it did. */
async function failureOf(scenario: Scenario, stage: Stage, { kind }: Program): Promise<string | undefined> {
  try {
    if (scenario.quirk === undefined) {
      await withinLimit(scenario.run(stage));
      return undefined;
    }
    const seen = await withinLimit(scenario.observe(stage));
    if (seen === kind || (kind === 'rtcd' && scenario.quirk.isIntermittent === true)) return undefined;
    return `${kind} behaved as ${seen}: "${scenario.quirk[seen]}"`;
  } catch (error) {
    return messageOf(error);
  }
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not ended after ${scenarioLimitMs / 1000} s`)),
      scenarioLimitMs,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
