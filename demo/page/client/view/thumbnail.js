/** A small live picture in a tile. A click, Enter or Space enlarges it. */
import { pictureName } from '/facts/words.ts';

import { make } from './element.js';

/**
 * Seen when there is a stream and its owner still shows it: signalling and media come on different ways.
 * `on` hears `toggled`, `shown` and `hidden`, each with the picture.
 */
export function createThumbnail({ sessionID, type, on }) {
  const video = make('video', { autoplay: true, muted: true, playsInline: true });
  const word = make('span', { className: 'word', 'aria-hidden': 'true' });
  word.textContent = type === 'screen' ? 'Screen' : 'Camera';
  const attributes = { type: 'button', className: `picture ${type}`, hidden: true, 'aria-pressed': 'false' };
  const button = make('button', attributes, video, word);
  let isWanted = false;
  let isOwn = false;
  let name = '';

  const picture = () => ({
    key: `${sessionID} ${type}`,
    ...{ name, type, isOwn, stream: video.srcObject },
  });
  const update = () => {
    const wasHidden = button.hidden;
    button.hidden = !isWanted || video.srcObject === null;
    if (button.hidden !== wasHidden) on[button.hidden ? 'hidden' : 'shown'](picture());
  };
  button.onclick = () => on.toggled(picture());

  return {
    button,
    isShown: () => !button.hidden,
    show: (person, ownID, isNowWanted) => {
      isWanted = isNowWanted;
      isOwn = sessionID === ownID;
      name = pictureName(person, type, ownID);
      button.setAttribute('aria-label', `Enlarge ${isOwn ? name.replace('Your', 'your') : name}`);
      update();
    },
    showStream: (stream) => {
      video.srcObject = stream ?? null;
      update();
    },
    showEnlarged: (key) => button.setAttribute('aria-pressed', String(key === picture().key)),
  };
}
