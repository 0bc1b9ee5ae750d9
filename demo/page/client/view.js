/** What the person sees. Knows the document, nothing else. */
import { newsOf } from '/facts/words.ts';

import { createDevices } from './view/devices.js';
import { element, make, relabel } from './view/element.js';
import { showFacts, showPlace, showRules } from './view/facts.js';
import { createStage } from './view/stage.js';
import { createTiles } from './view/tiles.js';

const keptNews = 20;

/** The page's elements behind names. */
export function createView() {
  const stage = createStage((key) => tiles.showEnlarged(key));
  const tiles = createTiles({
    toggled: stage.toggle,
    shown: stage.appeared,
    hidden: stage.vanished,
  });
  let known = [];

  const show = (isInCall) => {
    element('door').hidden = isInCall;
    element('room').hidden = !isInCall;
    element('facts').hidden = !isInCall;
  };
  const tell = (text) => {
    element('news').append(make('p', { textContent: text }));
    while (element('news').children.length > keptNews) element('news').firstChild.remove();
  };

  element('copy').onclick = async () => {
    const word = element('copy').querySelector('span');
    await navigator.clipboard.writeText(location.href);
    word.textContent = 'Copied';
    tell('The link of the call is copied');
    setTimeout(() => (word.textContent = 'Copy link'), 1500);
  };

  return {
    fillDoor: (name, callName) => {
      element('name').value = name;
      element('call').value = callName;
      document.title = element('title').textContent = `Call: ${callName}`;
    },
    onJoin: (join) => {
      element('door').onsubmit = (event) => {
        event.preventDefault();
        join(element('name').value.trim(), element('call').value.trim());
      };
    },
    onButton: (id, act) => (element(id).onclick = act),
    devices: createDevices,
    showDoor: () => {
      const hadFocus = element('room').contains(document.activeElement);
      stage.close();
      tiles.clear();
      known = [];
      show(false);
      if (hadFocus) element('name').focus();
    },
    showStatus: (state, text) => {
      element('status').dataset.state = state;
      element('status').textContent = text;
    },
    showRoom: ({ call, place }) => {
      const hadFocus = element('door').contains(document.activeElement);
      show(true);
      if (hadFocus) element('microphone').focus();
      document.title = element('title').textContent = `Call: ${call}`;
      showPlace(place);
    },
    showMicrophone: ({ isMuted }) =>
      relabel(element('microphone'), {
        icon: isMuted ? 'microphone-off' : 'microphone',
        text: isMuted ? 'Unmute' : 'Mute',
        isPressed: !isMuted,
      }),
    showOwnPicture: ({ type, stream }) => {
      const isOn = stream !== undefined;
      if (type === 'screen')
        relabel(element('screen'), {
          ...{ icon: 'screen', isPressed: isOn },
          text: isOn ? 'Stop sharing' : 'Share screen',
        });
      else
        relabel(element('camera'), {
          ...{ icon: 'camera', isPressed: isOn },
          text: isOn ? 'Stop camera' : 'Start camera',
        });
    },
    showPicture: tiles.showPicture,
    showPeople: (people, ownID) => {
      newsOf(known, people, ownID).forEach(tell);
      known = people;
      tiles.show(people, ownID);
    },
    showFacts: (facts) => {
      showFacts(facts);
      tiles.showQualities(facts.qualities);
    },
    showRules,
  };
}
