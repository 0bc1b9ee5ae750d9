/** A chapter: somebody opens the host page and clicks "Drain" on the pod of the big call, and takes it back. */
import type { Say } from '../../test/setup/progress.ts';
import type { Matrix } from '../matrix/matrix.ts';
import { listenersOf, type Meeting, showMatrix } from './calls.ts';
import { type Setting, untilFlagged } from './setting.ts';

const patienceMs = 60_000;

/** What was heard while the pod drained. Rejects when somebody is not heard, or the page does not show what happens. */
export async function drainByHand(
  { door, fleet, server }: Setting,
  meeting: Meeting,
  { say, hostsPicture }: { readonly say: Say; readonly hostsPicture: string },
): Promise<Matrix> {
  const [name] = meeting.bots.flatMap(({ place }) => place.pod ?? []);
  if (name === undefined) throw new Error('nobody knows the pod of the big call');
  const viewport = { width: 1280, height: 860 };
  const page = await meeting.browser.newPage({ viewport });
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${door.pageUrl}/hosts`);
  const saying = page.getByRole('listitem', { name }).locator('.saying');

  await page.getByRole('button', { name: `Drain ${name}` }).click();
  const leaving = await fleet.untilDraining([name]);
  await untilFlagged(server, leaving);
  await saying.getByText('nobody is cut off').waitFor();
  say(`"Drain" is clicked on ${name} at ${door.pageUrl}/hosts: ${(await saying.textContent()) ?? ''}`);
  const matrix = await showMatrix(listenersOf(meeting));
  await page.screenshot({ path: hostsPicture, animations: 'disabled' });

  await page.getByRole('button', { name: `Take back the drain of ${name}` }).click();
  await fleet.untilPublished(3);
  say(`that is taken back: ${name} gets new calls again`);
  await page.context().close();
  return matrix;
}
