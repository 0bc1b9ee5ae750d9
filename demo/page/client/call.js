/** One person's part in a call: signalling, peer connection, microphone, ears and figures tied together. */
import { createEars } from './ears.js';
import { createMicrophone, createMadeMicrophone } from './microphone.js';
import { Peer } from './peer.js';
import { createSignalling } from './signalling.js';
import { createFigures } from './figures.js';
import { wayIn } from './way.js';

const connectTimeoutMs = 15_000; // What the plugin's web client allows (wire spec 2.8).

/** `on` gets every change; `made` replaces the microphone by a voice and a pilot tone, `relay` names the only way out. */
export function createCall({ name, callName, dcSignaling, relay, made, on }) {
  const ears = createEars({ measures: made !== undefined });
  const microphone = made === undefined ? createMicrophone() : createMadeMicrophone(made);
  let sessionID;
  let peer;
  let figures;
  let people = [];
  let isMuted = true;
  let hasVoice = false;
  let isOver = false;

  const signalling = createSignalling({
    people: (now) => {
      people = now;
      on.people(people, sessionID);
    },
    signal: (data) => peer?.signal(data),
    ended: (reason) => end(reason),
  });

  function end(reason) {
    if (isOver) return;
    isOver = true;
    figures?.close();
    peer?.close();
    ears.close();
    microphone.close();
    signalling.close();
    on.ended(reason);
  }

  async function join() {
    const joined = await signalling.join({ call: callName, name, dcSignaling });
    sessionID = joined.sessionID;
    on.joined(joined);
    on.people(people, sessionID);
    peer = new Peer({
      dcSignaling,
      relay,
      iceServers: joined.iceServers,
      sendSdp: signalling.sendSdp,
      sendCandidate: signalling.sendCandidate,
      onTrack: ears.add,
      onFailed: end,
    });
    figures = createFigures(peer, on.facts);
    await within(connectTimeoutMs, peer.connected, 'Timed out waiting for the media connection');
    on.connected();
  }

  /** The first unmute adds the track and negotiates; later ones only put it back (wire spec 3.7). */
  async function setMuted(wanted) {
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

  return {
    join,
    setMuted,
    end,
    isMuted: () => isMuted,
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
