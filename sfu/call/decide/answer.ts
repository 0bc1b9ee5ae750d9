/** Our answer to a client's offer. */
import { answerSection } from '../../sdp/answer.ts';
import type { RemoteSection } from '../../sdp/parse.ts';
import { answerText } from '../../sdp/write.ts';
import type { Section } from '../../sdp/section.ts';
import type { Line, Negotiation, OpenTransport } from '../state.ts';
import { sectionTrack } from './lines.ts';
import { answeredLeaseMs } from './lock.ts';
import { describe, sendDescription } from './signal.ts';
import type { Transaction } from './transaction.ts';

/** Sends the answer the way the offer came. What the client sends may flow from now on. */
export function sendAnswer(
  tx: Transaction,
  sessionID: string,
  { path, sections, offeredAtMs }: Extract<Negotiation, { readonly phase: 'answering' }>,
): void {
  const { transport, lines, version, lock, answeredAtMs } = tx.update(sessionID, {});
  if (transport === null) return;
  if (answeredAtMs === null) tx.timing('joinTime', offeredAtMs);
  const session = tx.update(sessionID, {
    negotiation: { phase: 'idle' },
    version: version + 1,
    answeredAtMs: answeredAtMs ?? tx.context.nowMs,
  });
  const answered = sections.map((section, index) => sectionOf(section, lines[index], transport));
  const sdp = answerText(describe(session, transport, answered));
  sendDescription(tx, session, { path, description: { type: 'answer', sdp } });
  if (lock.owner === 'client') tx.startTimer(sessionID, 'lease', answeredLeaseMs);
}

function sectionOf(offered: RemoteSection, line: Line | undefined, transport: OpenTransport): Section {
  if (line === undefined || offered.kind === 'application') return dataSection(offered, line);
  return answerSection({ ...offered, isRejected: line.isRejected }, transport.profile, {
    receives: line.incoming !== null,
    track: sectionTrack(line.outgoing),
  });
}

function dataSection({ kind, mid, isRejected }: RemoteSection, line: Line | undefined): Section {
  const body = line?.body ?? { formats: 'webrtc-datachannel', attributes: '' };
  return { kind, mid, isRejected, direction: 'sendrecv', body };
}
