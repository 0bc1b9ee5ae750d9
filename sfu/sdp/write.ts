/** Whole descriptions of ours: the session block, then a section for each m-line. */
import { type BoundAddress, candidateLines } from './candidates.ts';
import type { TransportDescription } from './model.ts';
import { eol, type Section, sectionText } from './section.ts';

/** What all descriptions of one session share. */
export interface SessionDescription {
  /** `sess-id` of `o=`: the same in every description of the session. */
  readonly id: number;
  /** `sess-version` of `o=`: grows with every description. */
  readonly version: number;
  readonly transport: TransportDescription;
  /** As told to this client, best first. */
  readonly addresses: readonly BoundAddress[];
  /** In m-line order. */
  readonly sections: readonly Section[];
}

/** An offer. The transport is up, so its DTLS roles stay what they are whatever the answer says. */
export function offerText(description: SessionDescription): string {
  return write(description, 'actpass');
}

/** An answer: we are ICE-lite and DTLS server. */
export function answerText(description: SessionDescription): string {
  return write(description, 'passive');
}

function write(description: SessionDescription, setup: 'actpass' | 'passive'): string {
  const { sections } = description;
  const bundled = sections.filter((section) => !section.isRejected);
  const texts = sections.map((section) => {
    const text = sectionText(section, setup);
    // Candidates belong to the first section of the bundle; the others share its transport (RFC 9143 7.3).
    return section === bundled[0] ? text + candidatesText(description.addresses) : text;
  });
  return sessionText(description, bundled) + texts.join('');
}

/** ICE credentials and fingerprint at session level hold for every section (RFC 8839 5.4, RFC 8122 5). */
function sessionText(description: SessionDescription, bundled: readonly Section[]): string {
  const { id, version, transport } = description;
  const lines = [
    'v=0',
    `o=- ${id} ${version} IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=ice-ufrag:${transport.iceUfrag}`,
    `a=ice-pwd:${transport.icePwd}`,
    `a=fingerprint:${transport.fingerprint.algorithm} ${transport.fingerprint.value}`,
    'a=msid-semantic: WMS *',
    ...(bundled.length > 0 ? [`a=group:BUNDLE ${bundled.map((section) => section.mid).join(' ')}`] : []),
  ];
  return lines.map((line) => line + eol).join('');
}

function candidatesText(addresses: readonly BoundAddress[]): string {
  return [...candidateLines(addresses), 'end-of-candidates'].map((line) => `a=${line}${eol}`).join('');
}
