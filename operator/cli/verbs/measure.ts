/** `call-test` and `sizing`. */
import { CliError, exitCodes, understood, type Answer, type Io } from '../io.ts';
import { recordOf } from '../leader.ts';
import { clusterIn, type Session } from '../session.ts';
import { styleFor } from '../text.ts';
import { callTestText, callTestView } from '../views/callTest.ts';
import { sizingText, sizingView, type SizingInput } from '../views/sizing.ts';

/** What the last probe calls found; exit code `findings` when one failed. */
export async function callTest(
  session: Session,
  io: Io,
  { cluster: name, pod }: { readonly cluster: string | undefined; readonly pod: string | undefined },
): Promise<Answer> {
  const cluster = await clusterIn(session, name);
  const view = callTestView(await recordOf(session, cluster), pod);
  if (pod !== undefined && view.calls.length === 0)
    throw new CliError(`RTCCluster ${cluster.metadata.name} has no pod ${pod}`);
  const text = callTestText(view, styleFor(io.isTerminal, io.env), io.nowMs());
  return { view, text, exitCode: view.failed > 0 ? exitCodes.findings : exitCodes.ok };
}

/** By the list, or by the prices that a cluster has learnt. */
export async function sizing(
  session: Session,
  input: Omit<SizingInput, 'ratio'>,
  like: string | undefined,
): Promise<Answer> {
  const ratio = like === undefined ? 1 : await learntRatio(session, like);
  const view = understood(() => sizingView({ ...input, ratio }));
  return { view, text: sizingText(view) };
}

async function learntRatio(session: Session, name: string): Promise<number> {
  const { history } = await recordOf(session, await clusterIn(session, name));
  if (history === undefined || history.prices.seenMs === 0)
    throw new CliError(
      `RTCCluster ${name} has not had enough load yet to learn prices from: leave --like out`,
    );
  return history.prices.ratio;
}
