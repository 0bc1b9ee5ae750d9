/** The people of the call, a tile each: who, what of them can be heard and seen, and how well. Tiles stay, so that focus and pictures do. */
import { labelOf, nameOf } from '/facts/words.ts';

import { createBadge } from './badge.js';
import { element, icon, make } from './element.js';
import { createThumbnail } from './thumbnail.js';

/** `on` hears of pictures: `toggled`, `shown`, `hidden`. */
export function createTiles(on) {
  const tiles = new Map();
  const tileOf = (sessionID) => {
    if (!tiles.has(sessionID)) tiles.set(sessionID, createTile(sessionID, on));
    return tiles.get(sessionID);
  };
  const keep = (present) => {
    for (const [sessionID, tile] of [...tiles]) {
      if (present.has(sessionID)) continue;
      tile.close();
      tiles.delete(sessionID);
    }
  };
  return {
    show: (people, ownID) => {
      keep(new Set(people.map(({ sessionID }) => sessionID)));
      people.forEach((person) => tileOf(person.sessionID).show(person, ownID));
    },
    showPicture: ({ sessionID, type, stream }) => tileOf(sessionID).showPicture(type, stream),
    showEnlarged: (key) => tiles.forEach((tile) => tile.showEnlarged(key)),
    showQualities: (qualities) =>
      tiles.forEach((tile, sessionID) => tile.showQuality(qualities.get(sessionID))),
    clear: () => keep(new Set()),
  };
}

function createTile(sessionID, on) {
  const face = make('div', { className: 'face', 'aria-hidden': 'true' });
  const thumbnails = {
    screen: createThumbnail({ sessionID, type: 'screen', on }),
    video: createThumbnail({ sessionID, type: 'video', on }),
  };
  const all = Object.values(thumbnails);
  const pictures = make('div', { className: 'pictures' }, ...all.map(({ button }) => button));
  const name = make('span');
  const who = make('div', { className: 'who' }, icon('microphone-off'), name);
  const badge = createBadge(sessionID);
  const item = make('li', { className: 'person' }, face, pictures, who, badge.button, badge.numbers);
  const showFace = () => {
    face.hidden = all.some((one) => one.isShown());
  };

  return {
    show: (person, ownID) => {
      item.classList.toggle('speaking', person.isSpeaking);
      item.setAttribute('aria-label', labelOf(person, ownID));
      item.style.setProperty('--hue', hueOf(person.name));
      face.textContent = [...person.name.trim()][0]?.toUpperCase() ?? '?';
      name.textContent = nameOf(person, ownID);
      who.querySelector('use').setAttribute('href', `/icons.svg#microphone${person.isMuted ? '-off' : ''}`);
      badge.name(person.name);
      thumbnails.video.show(person, ownID, person.hasVideo);
      thumbnails.screen.show(person, ownID, person.isSharing);
      showFace();
      if (!item.isConnected) element('people').append(item);
    },
    showPicture: (type, stream) => {
      thumbnails[type].showStream(stream);
      showFace();
    },
    showEnlarged: (key) => all.forEach((one) => one.showEnlarged(key)),
    showQuality: badge.show,
    close: () => {
      all.forEach((one) => one.showStream(undefined));
      item.remove();
    },
  };
}

function hueOf(name) {
  return String([...name].reduce((sum, letter) => sum + letter.codePointAt(0) * 37, 0) % 360);
}
