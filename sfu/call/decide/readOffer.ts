/** What a client's offer means: which lines there are then, which tracks come and go. Nothing is done yet. */
import { answerSection, commonMedia, isReceiving, isSending } from '../../sdp/answer.ts';
import type { MediaProfile, TransportDescription } from '../../sdp/model.ts';
import type { RemoteSection } from '../../sdp/parse.ts';
import type { Encoding } from '../../media/port.ts';
import { dataBody, mediaBody, type SectionBody } from '../../sdp/section.ts';
import type { Incoming, Line, Outgoing } from '../state.ts';
import { mismatch, sectionTrack } from './lines.ts';
import { isOwnMid } from './planOffer.ts';

/** As many layers as simulcast of Calls has, and one more. */
const layersLimit = 3;

/** Why a track is not taken that would be one too many. */
export const tooManyTracks = 'limit of tracks of a session is reached (limits.tracks_per_session)';

/** An offer, understood. */
export interface OfferPlan {
  readonly lines: readonly Line[];
  /** Lines whose track media has to take in. */
  readonly produce: readonly RemoteSection[];
  /** Producers that stopped sending. */
  readonly endedProducers: readonly string[];
  /** Tracks towards the client that it no longer takes, or never saw. */
  readonly ended: readonly Outgoing[];
  /** Lines whose track is not served, with the reason. */
  readonly refused: readonly { readonly mid: string; readonly reason: string }[];
  /** The client uses other extension ids than ours. */
  readonly hasForeignIDs: boolean;
}

/** What is known before an offer is read. */
export interface OfferGround {
  readonly lines: readonly Line[];
  readonly profile: MediaProfile;
  readonly transport: TransportDescription;
  /** Tracks that the client may send; absent = no limit. */
  readonly tracksLimit?: number;
}

/** Reads an offer against the lines so far. The reason is given when it cannot follow them. */
export function readOffer(
  ground: OfferGround,
  sections: readonly RemoteSection[],
): { readonly ok: true; readonly plan: OfferPlan } | { readonly ok: false; readonly reason: string } {
  const reason = mismatch(ground.lines, sections);
  if (reason !== undefined) return { ok: false, reason };
  const steps = readSections(ground, sections);
  const lines = steps.map((step) => step.line);
  const kept = new Set(lines.flatMap((line) => line.outgoing?.consumerID ?? []));
  const before = ground.lines.flatMap((line) => line.outgoing ?? []);
  return {
    ok: true,
    plan: {
      lines,
      produce: steps.filter((step) => step.line.incoming?.producerID === null).map((step) => step.section),
      endedProducers: endedProducers(ground.lines, lines),
      ended: before.filter((outgoing) => !kept.has(outgoing.consumerID)),
      refused: steps.flatMap(({ section, refusal }) =>
        refusal === undefined ? [] : [{ mid: section.mid, reason: refusal }],
      ),
      hasForeignIDs: sections.some((section) => isForeign(section, ground.profile)),
    },
  };
}

/** In order: beyond the limit of tracks, lines that send are not taken. */
function readSections(ground: OfferGround, sections: readonly RemoteSection[]): Step[] {
  const { tracksLimit = Infinity } = ground;
  const steps: Step[] = [];
  for (const [index, section] of sections.entries()) {
    const isFull = steps.filter(({ line }) => line.incoming !== null).length >= tracksLimit;
    steps.push(readSection({ ...ground, isFull }, section, ground.lines[index]));
  }
  return steps;
}

type SectionGround = OfferGround & { readonly isFull: boolean };

interface Step {
  readonly section: RemoteSection;
  readonly line: Line;
  /** Why the client's track is not taken. */
  readonly refusal?: string;
}

function readSection(ground: SectionGround, section: RemoteSection, line: Line | undefined): Step {
  const known = line?.mid === section.mid ? line : newLine(ground, section);
  const isOff = known.isRejected || section.isRejected || isSpent(section, known);
  const isRejected = isOff || answersRejected(ground.profile, section);
  if (section.kind === 'application') return { section, line: { ...known, isConfirmed: true } };
  if (isRejected)
    return { section, line: { ...known, isRejected, isConfirmed: true, incoming: null, outgoing: null } };
  return readMedia(ground, section, known);
}

/**
 * A line that the client made for a picture which it shows no more. Clients make
 * another for the next one, so this place is given up for that: else the offers of
 * somebody who shares again and again would outgrow what the plugin takes.
 */
function isSpent({ kind, direction }: RemoteSection, { mid, incoming, outgoing }: Line): boolean {
  const isIdle = !isSending(direction) && outgoing === null;
  return kind === 'video' && isIdle && incoming !== null && !isOwnMid(mid);
}

function readMedia({ profile, isFull }: SectionGround, section: RemoteSection, known: Line): Step {
  const refusal = isFull && isSending(section.direction) ? tooManyTracks : refusalOf(section);
  const takes = isSending(section.direction) && refusal === undefined;
  const outgoing = isReceiving(section.direction) ? known.outgoing : null;
  const incoming = takes ? incomingOf(known, section, profile) : null;
  const line = {
    ...known,
    isConfirmed: true,
    outgoing,
    incoming,
    body: bodyOf(known, section, { profile, incoming, outgoing }),
  };
  return refusal === undefined ? { section, line } : { section, line, refusal };
}

/** Why a line that sends is not taken, else undefined. A line without a track is no refusal: it is nothing. */
function refusalOf(section: RemoteSection): string | undefined {
  if (!isSending(section.direction)) return undefined;
  if (section.streamID === undefined) return 'no track is behind the line (msid)';
  if (section.kind === 'video' && section.rids.length > 0)
    return section.rids.length <= layersLimit ? undefined : `${section.rids.length} layers are too many`;
  return section.streams.length === 1 ? undefined : `${section.streams.length} streams instead of one`;
}

/** What the client sends on a line: as before, unless its streams or its codec have changed. What it shows is found out later. */
function incomingOf(line: Line, section: RemoteSection, profile: MediaProfile): Incoming {
  const { rids, streams, streamID = '' } = section;
  const encodings = rids.length > 0 && section.kind === 'video' ? rids.map((rid) => ({ rid })) : streams;
  const codec = commonMedia(section, profile).codecs[0]?.name ?? '';
  const before = line.incoming;
  if (before?.codec === codec && isEqual(before.encodings, encodings)) return { ...before, streamID };
  return { streamID, encodings, codec, type: null, producerID: null };
}

function isEqual(one: readonly Encoding[], other: readonly Encoding[]): boolean {
  return (
    one.length === other.length && one.every((encoding, index) => nameOf(encoding) === nameOf(other[index]))
  );
}

function nameOf(encoding: Encoding | undefined): string | number | undefined {
  if (encoding === undefined) return undefined;
  return 'rid' in encoding ? encoding.rid : encoding.ssrc;
}

/** Our offers must say of a line with video from the client what our answer said, or the client would send less. */
function bodyOf(
  known: Line,
  section: RemoteSection,
  line: { readonly profile: MediaProfile } & Pick<Line, 'incoming' | 'outgoing'>,
): SectionBody {
  if (line.incoming === null || section.kind !== 'video') return known.body;
  const media = commonMedia(section, line.profile, line.outgoing?.codec);
  return mediaBody(media, sectionTrack(line.outgoing), section.rids);
}

function newLine({ profile, transport }: OfferGround, section: RemoteSection): Line {
  const { mid, kind } = section;
  const body = kind === 'application' ? dataBody(transport) : mediaBody(commonMedia(section, profile), null);
  return { mid, kind, isRejected: false, isConfirmed: true, incoming: null, outgoing: null, body };
}

function answersRejected(profile: MediaProfile, section: RemoteSection): boolean {
  if (section.kind === 'application') return false;
  return answerSection(section, profile, { receives: false, track: null }).isRejected;
}

function endedProducers(before: readonly Line[], after: readonly Line[]): string[] {
  const kept = new Set(after.map((line) => line.incoming?.producerID));
  return before.flatMap((line) => {
    const producerID = line.incoming?.producerID;
    return producerID === undefined || producerID === null || kept.has(producerID) ? [] : [producerID];
  });
}

function isForeign(section: RemoteSection, profile: MediaProfile): boolean {
  if (section.kind === 'application' || section.isRejected) return false;
  const ours = [...profile.audio.extensions, ...profile.video.extensions];
  return section.extensions.some(({ id, uri }) => ours.some((own) => own.uri === uri && own.id !== id));
}
