/** The pictures of others: which track shows whose screen or webcam now. */

const keyOf = ({ sessionID, type }) => `${sessionID} ${type}`;

/** `show` gets `{sessionID, type, stream}` when a picture comes, and with `stream` undefined when it is over. */
export function createPictures(show) {
  const pictures = new Map();
  const owners = new Map();
  let sharing = new Set();

  return {
    add: ({ mid, type, track, sessionID }) => {
      owners.set(mid, sessionID);
      const picture = { sessionID, type, stream: new MediaStream([track]) };
      pictures.set(keyOf(picture), picture);
      show(picture);
    },
    /** A screen that is shared no more is over: its line may show another one later. A webcam keeps its track. */
    keep: (people) => {
      const now = new Set(people.filter(({ isSharing }) => isSharing).map(({ sessionID }) => sessionID));
      for (const sessionID of sharing) {
        const ended = { sessionID, type: 'screen' };
        if (!now.has(sessionID) && pictures.delete(keyOf(ended))) show({ ...ended, stream: undefined });
      }
      sharing = now;
    },
    ownerOf: (mid) => owners.get(mid),
    list: () => [...pictures.values()].map(({ sessionID, type }) => ({ sessionID, type })),
  };
}
