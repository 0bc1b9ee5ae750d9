/** Pure: what the page says of people, to the eye and to a screen reader. */

/** What is known of one of them. */
export interface Known {
  readonly sessionID: string;
  readonly name: string;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly isSharing: boolean;
  readonly hasVideo: boolean;
}

/** `Ada (you)`. */
export function nameOf({ name, sessionID }: Pick<Known, 'name' | 'sessionID'>, ownID: string): string {
  return sessionID === ownID ? `${name} (you)` : name;
}

/** `Ada (you), muted, camera on, sharing a screen`. */
export function labelOf(person: Known, ownID: string): string {
  const { isMuted, isSpeaking, isSharing, hasVideo } = person;
  return [
    nameOf(person, ownID),
    isMuted ? 'muted' : isSpeaking ? 'speaking' : 'not muted',
    ...(hasVideo ? ['camera on'] : []),
    ...(isSharing ? ['sharing a screen'] : []),
  ].join(', ');
}

/** What a screen reader should hear of a change: who came, who left, who shares. Nothing of ourselves, nothing of the first sight. */
export function newsOf(before: readonly Known[], now: readonly Known[], ownID: string): string[] {
  if (!before.some(({ sessionID }) => sessionID === ownID)) return [];
  const others = now.filter(({ sessionID }) => sessionID !== ownID);
  const old = (person: Known): Known | undefined =>
    before.find(({ sessionID }) => sessionID === person.sessionID);
  const hasLeft = (person: Known): boolean => !now.some(({ sessionID }) => sessionID === person.sessionID);
  return [
    ...others.filter((person) => old(person) === undefined).map(({ name }) => `${name} joined`),
    ...before.filter(hasLeft).map(({ name }) => `${name} left`),
    ...others.flatMap((person) => {
      const wasSharing = old(person)?.isSharing ?? false;
      if (wasSharing === person.isSharing) return [];
      return [`${person.name} ${person.isSharing ? 'shares' : 'no longer shares'} a screen`];
    }),
  ];
}

/** `Ada’s screen`. */
export function pictureName(
  person: Pick<Known, 'name' | 'sessionID'>,
  type: 'screen' | 'video',
  ownID: string,
): string {
  const what = type === 'screen' ? 'screen' : 'camera';
  return person.sessionID === ownID ? `Your ${what}` : `${person.name}’s ${what}`;
}
