/**
 * The call page: reads the link, joins, and shows what happens.
 *
 * `/?call=standup&name=Ada` joins by itself once a name is known. For automation:
 * `auto=1` joins and unmutes at once with a made microphone, `speech=NAME` is the
 * voice it plays (`/speech/NAME.wav`), `tone=HZ` its pilot tone, `dc=1` signals
 * over the data channel, `relay=udp|tcp|tls` lets media out by that kind of TURN alone.
 */
import { createCall } from './call.js';
import { createView } from './view.js';

const query = new URLSearchParams(location.search);
const isAuto = query.get('auto') === '1';

const view = createView();
let call;

/** Joins; what goes wrong is shown, and the door stays open. */
async function join(name, callName) {
  view.showStatus('connecting', 'Joining …');
  call = createCall({
    name,
    callName,
    dcSignaling: query.get('dc') === '1',
    relay: query.get('relay') ?? undefined,
    made: isAuto ? { speech: query.get('speech'), toneHz: Number(query.get('tone')) } : undefined,
    on: {
      joined: (joined) => view.showRoom(joined),
      people: (people, ownID) => view.showPeople(people, ownID),
      connected: () => view.showStatus('connected', 'Connected'),
      facts: (facts) => view.showFacts(facts),
      microphone: (state) => view.showMicrophone(state),
      ended: (reason) => {
        view.showDoor();
        view.showStatus('failed', reason);
      },
    },
  });
  window.callPage = call;
  try {
    await call.join();
    if (isAuto) await call.setMuted(false);
  } catch (error) {
    call.end(error.message);
  }
}

function remember(name, callName) {
  localStorage.setItem('name', name);
  history.replaceState(null, '', `?${new URLSearchParams({ call: callName })}`);
}

view.onJoin((name, callName) => {
  if (!isAuto) remember(name, callName);
  void join(name, callName);
});
view.onMicrophone(async () => {
  try {
    await call.setMuted(!call.isMuted());
  } catch (error) {
    view.showStatus('failed', `No microphone: ${error.message}`);
  }
});
view.onLeave(() => call.leave());

const name = query.get('name') ?? localStorage.getItem('name') ?? '';
const callName = query.get('call') ?? 'standup';
view.fillDoor(name, callName);
void view.showRules();
if (query.has('name') && query.has('call')) void join(name, callName);
