/**
 * The call page: reads the link, joins, and shows what happens.
 *
 * `/?call=standup&name=Ada` joins by itself once a name is known. For automation:
 * `auto=1` joins and unmutes at once with a made microphone, `speech=NAME` is the
 * voice it plays (`/speech/NAME.wav`), `tone=HZ` its pilot tone, `dc=1` signals
 * over the data channel, `relay=udp|tcp|tls` lets media out by that kind of TURN alone,
 * `painted=COLOUR` shares a painted picture in place of a screen where a browser has none to share.
 */
import { createCall } from './call.js';
import { paint } from './capture.js';
import { createView } from './view.js';
import { rememberedDevices } from './view/devices.js';

sessionStorage.removeItem('tries'); // Every file is there.
const query = new URLSearchParams(location.search);
const isAuto = query.get('auto') === '1';
const painted = query.get('painted');

const view = createView();
let call;
let ownID;

/** Joins; what goes wrong is shown, and the door stays open. */
async function join(name, callName) {
  view.showStatus('connecting', 'Joining …');
  call = createCall({
    name,
    callName,
    dcSignaling: query.get('dc') === '1',
    relay: query.get('relay') ?? undefined,
    made: isAuto ? { speech: query.get('speech'), toneHz: Number(query.get('tone')) } : undefined,
    devices: rememberedDevices(),
    on: {
      joined: (joined) => {
        ownID = joined.sessionID;
        view.showRoom(joined);
      },
      people: (people, ownID) => view.showPeople(people, ownID),
      connected: () => view.showStatus('connected', 'Connected'),
      facts: (facts) => view.showFacts(facts),
      microphone: (state) => view.showMicrophone(state),
      picture: (picture) => {
        view.showPicture(picture);
        if (picture.sessionID === ownID) view.showOwnPicture(picture);
      },
      ended: (reason) => {
        view.showMicrophone({ isMuted: true });
        view.showDoor();
        view.showStatus('failed', reason);
      },
    },
  });
  window.callPage = call;
  try {
    await call.join();
    if (isAuto && !call.state().isOver) await call.setMuted(false);
  } catch (error) {
    call.end(error.message);
  }
}

function remember(name, callName) {
  localStorage.setItem('name', name);
  history.replaceState(null, '', `?${new URLSearchParams({ call: callName })}`);
}

/** Does what a button stands for; why that could not be is shown, and the call goes on. */
function onButton(id, what, act) {
  view.onButton(id, async () => {
    try {
      await act();
      await devices.refresh();
    } catch (error) {
      view.showStatus('connected', `${what}: ${error.message}`);
    }
  });
}

const toggle = (share, ...capture) => (share.isOn() ? share.stop() : share.start(...capture));

const devices = view.devices({
  choose: (name, id) => call?.choose[name](id),
  failed: (reason) => view.showStatus('connected', reason),
});
view.onJoin((name, callName) => {
  if (!isAuto) remember(name, callName);
  void join(name, callName);
});
onButton('microphone', 'No microphone', () => call.setMuted(!call.isMuted()));
onButton('camera', 'No camera', () => toggle(call.webcam()));
onButton('screen', 'No screen shared', () =>
  toggle(call.screen(), ...(painted === null ? [] : [() => paint(painted)])),
);
view.onButton('leave', () => call.leave());

const name = query.get('name') ?? localStorage.getItem('name') ?? '';
const callName = query.get('call') ?? 'standup';
view.fillDoor(name, callName);
void view.showRules();
if (query.has('name') && query.has('call')) void join(name, callName);
