/** One person's part in a call: signalling, peer connection, microphone, pictures, ears and figures tied together. */
import { createEars } from './ears.js';
import { createMicrophone, createMadeMicrophone } from './microphone.js';
import { Peer } from './peer.js';
import { createPictures } from './pictures.js';
import { createShares } from './shares.js';
import { createSignalling } from './signalling.js';
import { createFigures } from './figures.js';
import { createTurns } from './turns.js';
import { wayIn } from './way.js';

const connectTimeoutMs = 15_000; // What the plugin's web client allows (wire spec 2.8).

/**
 * `on` gets every change; `made` replaces the microphone by a voice and a pilot tone, `relay` names the only way out,
 * `devices` are the ids of what the person chose: `microphone`, `camera`, `speaker`.
 */
export function createCall({ name, callName, dcSignaling, relay, made, devices, on }) {
  const ears = createEars({ measures: made !== undefined, speaker: devices.speaker });
  const microphone =
    made === undefined ? createMicrophone(() => void setMuted(true)) : createMadeMicrophone(made);
  const pictures = createPictures(on.picture);
  let sessionID;
  let peer;
  let shares;
  let figures;
  let people = [];
  let isMuted = true;
  let hasVoice = false;
  let isOver = false;

  const signalling = createSignalling({
    people: (now) => {
      people = now;
      pictures.keep(people);
      if (people.some((person) => person.sessionID === sessionID && person.isSharing))
        shares?.screen.granted();
      on.people(people, sessionID);
    },
    signal: (data) => peer?.signal(data),
    denied: (reason) => shares?.screen.denied(reason),
    ended: (reason) => end(reason),
  });

  function end(reason) {
    if (isOver) return;
    isOver = true;
    figures?.close();
    shares?.close();
    peer?.close();
    ears.close();
    microphone.close();
    signalling.close();
    on.ended(reason);
  }

  function onTrack(remote) {
    if (remote.track.kind === 'audio') ears.add(remote);
    else pictures.add(remote);
  }

  async function join() {
    const joined = await signalling.join({ call: callName, name, dcSignaling });
    if (isOver) return;
    sessionID = joined.sessionID;
    on.joined(joined);
    on.people(people, sessionID);
    const { sendSdp, sendCandidate } = signalling;
    const { iceServers } = joined;
    peer = new Peer({ dcSignaling, relay, iceServers, sendSdp, sendCandidate, onTrack, onFailed: end });
    const showOwn = ({ type, stream }) => on.picture({ sessionID, type, stream });
    shares = createShares({ peer, send: signalling.send, show: showOwn, camera: devices.camera });
    microphone.choose(devices.microphone);
    figures = createFigures(peer, {
      show: on.facts,
      ownerOf: (mid) => ears.ownerOf(mid) ?? pictures.ownerOf(mid),
      ownID: sessionID,
    });
    await within(connectTimeoutMs, peer.connected, 'Timed out waiting for the media connection');
    if (!isOver) on.connected();
  }

  /** It may take a while until a microphone is open. */
  const inTurn = createTurns();

  /** The first unmute adds the track and negotiates; later ones only put it back (wire spec 3.7). */
  async function mute(wanted) {
    if (wanted) await peer.replaceVoice(null);
    else {
      const { track, stream } = await microphone.open();
      if (hasVoice) await peer.replaceVoice(track);
      else await peer.addVoice(track, stream);
      hasVoice = true;
    }
    isMuted = wanted;
    signalling.send({ type: wanted ? 'mute' : 'unmute' });
    on.microphone({ isMuted });
  }

  const setMuted = (wanted) => inTurn(() => mute(wanted));

  /** No offer is made: the others notice nothing but another sound or picture. */
  const choose = {
    microphone: (id) =>
      inTurn(async () => {
        microphone.choose(id);
        if (!isMuted) await peer.replaceVoice((await microphone.open()).track);
      }),
    camera: (id) => shares?.webcam.choose(id),
    speaker: (id) => ears.choose(id),
  };

  return {
    join,
    setMuted,
    end,
    choose,
    isMuted: () => isMuted,
    screen: () => shares.screen,
    webcam: () => shares.webcam,
    leave: () => {
      signalling.send({ type: 'leave' });
      end('You left the call');
    },
    /** For whoever drives this page: what there is to see. */
    state: () => ({
      sessionID,
      isMuted,
      isOver,
      people,
      voices: ears.count(),
      pictures: pictures.list(),
      sends: peer?.sends() ?? [],
      connection: peer?.state() ?? 'new',
    }),
    way: async () => wayIn(await peer.getStats()),
    openWindow: () => figures.openWindow(),
    report: async (tonesHz) => ({ ...(await figures.report()), heard: await ears.report(tonesHz) }),
  };
}

function within(ms, promise, message) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
