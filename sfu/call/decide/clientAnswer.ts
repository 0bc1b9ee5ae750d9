/** A client's answer to our offer: packets may flow, and the lock is free again. */
import { isReceiving, isSending } from '../../sdp/answer.ts';
import { parseSdp, type RemoteSection } from '../../sdp/parse.ts';
import type { Line, Outgoing, Session } from '../state.ts';
import { mismatch } from './lines.ts';
import { release } from './lock.ts';
import type { Transaction } from './transaction.ts';
import { endVoice } from './voice.ts';

/** Answers carry no number: the one outstanding offer is meant, if the lines agree. Else we go on waiting. */
export function receiveAnswer(tx: Transaction, sessionID: string, sdp: string): void {
  const session = tx.update(sessionID, {});
  const read = readAnswer(session, sdp);
  if (!read.ok) {
    tx.effect({ type: 'error', error: 'signaling' });
    tx.log('warn', 'Ignored answer', { sessionID, reason: read.reason });
    return;
  }
  tx.cancelTimer(sessionID, 'answer');
  const lines = session.lines.map((line, index) =>
    settle(tx, session, { line, section: read.sections[index] }),
  );
  tx.update(sessionID, {
    lines,
    negotiation: { phase: 'idle' },
    isSeeded: true,
    unansweredOffers: 0,
    unsendable: withRefused(session, lines),
  });
  release(tx, sessionID);
}

function readAnswer(
  session: Session,
  sdp: string,
):
  | { readonly ok: true; readonly sections: readonly RemoteSection[] }
  | { readonly ok: false; readonly reason: string } {
  if (session.negotiation.phase !== 'offered') return { ok: false, reason: 'no offer of ours is out' };
  const parsed = parseSdp(sdp);
  if (!parsed.ok) return parsed;
  const { sections } = parsed.description;
  if (sections.length !== session.lines.length)
    return { ok: false, reason: `answer has ${sections.length} m-lines, our offer ${session.lines.length}` };
  const asOffered = session.lines.map((line) => ({ ...line, isConfirmed: true }));
  const reason = mismatch(asOffered, sections) ?? revival(session.lines, sections);
  return reason === undefined ? { ok: true, sections } : { ok: false, reason };
}

/** An answer that keeps a line which we rejected is one to an earlier offer, come too late. */
function revival(lines: readonly Line[], sections: readonly RemoteSection[]): string | undefined {
  const index = lines.findIndex((line, at) => line.isRejected && sections[at]?.isRejected === false);
  return index < 0 ? undefined : `answer keeps m-line ${index}, which our offer rejects`;
}

function settle(
  tx: Transaction,
  { config }: Session,
  { line, section }: { readonly line: Line; readonly section: RemoteSection | undefined },
): Line {
  const { sessionID } = config;
  if (section === undefined || line.kind === 'application') return { ...line, isConfirmed: true };
  const producerID = line.incoming?.producerID;
  const stopped = section.isRejected || !isSending(section.direction);
  if (typeof producerID === 'string' && stopped) {
    tx.removeTrack(producerID);
    endVoice(tx, sessionID);
    tx.media({ type: 'closeProducer', sessionID, producerID });
    tx.negotiateAll();
  }
  return {
    ...line,
    isConfirmed: true,
    isRejected: line.isRejected || section.isRejected,
    incoming: stopped ? null : line.incoming,
    outgoing: line.outgoing === null ? null : flow(tx, sessionID, { outgoing: line.outgoing, section }),
  };
}

function flow(
  tx: Transaction,
  sessionID: string,
  { outgoing, section }: { readonly outgoing: Outgoing; readonly section: RemoteSection },
): Outgoing | null {
  const { consumerID } = outgoing;
  if (section.isRejected || !isReceiving(section.direction)) {
    tx.media({ type: 'closeConsumer', sessionID, consumerID });
    tx.log('info', 'Client refused track', {
      sessionID,
      mid: section.mid,
      reason: 'answered without receiving',
    });
    return null;
  }
  if (!outgoing.isFlowing) tx.media({ type: 'resumeConsumer', sessionID, consumerID });
  return { ...outgoing, isFlowing: true };
}

/** A track that the client refused is not offered again. */
function withRefused(session: Session, lines: readonly Line[]): ReadonlySet<string> {
  const refused = session.lines.flatMap((line, index) =>
    line.outgoing !== null && lines[index]?.outgoing === null ? [line.outgoing.producerID] : [],
  );
  return refused.length === 0 ? session.unsendable : new Set([...session.unsendable, ...refused]);
}
