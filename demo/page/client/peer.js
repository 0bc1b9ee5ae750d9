/**
 * The peer connection as the Calls web client runs it (wire spec 3 and 4): the data
 * channel comes first; our own offers are made under the lock; the server's offers
 * are answered politely; tracks wait until a MediaMap names them.
 */
import { dataChannelLabel, decodeDataChannel, encodeDataChannel } from '/protocol/dataChannel.ts';
import { deflate, inflate } from '/protocol/deflate.ts';
import { createLock } from './lock.js';
import { createTurns } from './turns.js';
import { configurationOf } from './way.js';

const pingEveryMs = 1000;
const answerTimeoutMs = 10_000; // What rtcd gives the other side (wire spec 2.8).

export class Peer {
  #pc;
  #channel;
  #lock = createLock(() => this.#send(encodeDataChannel('lock')));
  #on;
  #dcSignaling;
  #isFirstAnswer = true;
  #answered = () => undefined;
  #earlyCandidates = [];
  #mediaMap = {};
  #unnamedTracks = new Map();
  #voice;
  #inOrder = Promise.resolve();
  #inTurn = createTurns();
  #pings;
  #pingSentAtMs;
  #pongMs;

  /** Resolves when media and data channel are up. */
  connected;

  constructor({ dcSignaling, iceServers, relay, ...on }) {
    this.#pc = new RTCPeerConnection(configurationOf({ iceServers, relay }));
    this.#channel = this.#pc.createDataChannel(dataChannelLabel);
    this.#dcSignaling = dcSignaling;
    this.#on = on;
    this.#channel.binaryType = 'arraybuffer';
    this.#channel.onmessage = ({ data }) => this.#onMessage(new Uint8Array(data));
    this.connected = new Promise((resolve) => {
      this.#channel.onopen = () => {
        this.#ping();
        this.#pings = setInterval(() => this.#ping(), pingEveryMs);
        resolve();
      };
    });
    this.#pc.onnegotiationneeded = () => void this.#offer();
    this.#pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) on.sendCandidate(candidate);
    };
    this.#pc.ontrack = ({ track, streams, transceiver }) => {
      this.#unnamedTracks.set(transceiver.mid, { track, stream: streams[0] });
      this.#deliverTracks();
    };
    this.#pc.onconnectionstatechange = () => {
      const state = this.#pc.connectionState;
      if (state === 'failed' || state === 'closed') on.onFailed(`The media connection is ${state}`);
    };
  }

  /** `connected`, `failed` …: the browser's words. */
  state() {
    return this.#pc.connectionState;
  }

  /** What goes out on each line that we ever sent on: the name of the device, null while nothing is. */
  sends() {
    return this.#pc
      .getTransceivers()
      .filter(({ sender, currentDirection }) => sender.track !== null || /send/.test(currentDirection))
      .map(({ mid, sender }) => ({ mid, label: sender.track?.label ?? null }));
  }

  /** The round trip of the data channel's ping, in ms; undefined before the first. */
  pongMs() {
    return this.#pongMs;
  }

  getStats() {
    return this.#pc.getStats();
  }

  /** JSON of the server: an offer, an answer or a candidate. */
  signal(json) {
    this.#enqueue(() => this.#apply(JSON.parse(json)));
  }

  /** Adds the first voice. */
  async addVoice(track, stream) {
    this.#voice = await this.#change(() => this.#pc.addTrack(track, stream));
  }

  /** Adds the sound of a screen; resolves with its sender. */
  addSound(track, stream) {
    return this.#change(() => this.#pc.addTrack(track, stream));
  }

  /** Adds a picture in one encoding; resolves with its sender. */
  addPicture(track, stream, encoding) {
    return this.#change(() => this.#pc.addTransceiver(track, pictureLine(stream, encoding)).sender);
  }

  /** Takes away what `addPicture` or `addSound` added. */
  remove(sender) {
    return this.#change(() => this.#pc.removeTrack(sender));
  }

  /** Puts a track in the place of the one that is sent; null sends nothing. No negotiation. */
  async replaceVoice(track) {
    await this.#voice?.replaceTrack(track);
  }

  /** Loss 0..1 and jitter in s: metrics of the server (wire spec 4.2, types 4 to 6). */
  tellMetrics({ lossRate, roundTripSeconds, jitterSeconds }) {
    if (lossRate >= 0) this.#send(encodeDataChannel('lossRate', lossRate));
    if (roundTripSeconds > 0) this.#send(encodeDataChannel('roundTripTime', roundTripSeconds));
    if (jitterSeconds > 0) this.#send(encodeDataChannel('jitter', jitterSeconds));
  }

  close() {
    clearInterval(this.#pings);
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  /** One change of what we send after the other, each under the lock: lock, change, offer, answer, unlock. */
  #change(work) {
    return this.#inTurn(async () => {
      await this.connected;
      await this.#lock.grab();
      let timer;
      const answered = new Promise((resolve, reject) => {
        this.#answered = resolve;
        timer = setTimeout(reject, answerTimeoutMs, new Error('The server did not answer an offer'));
      });
      try {
        const result = work();
        await answered;
        return result;
      } catch (error) {
        this.#send(encodeDataChannel('unlock')); // The answer would have done that.
        throw error;
      } finally {
        clearTimeout(timer);
      }
    });
  }

  #enqueue(work) {
    this.#inOrder = this.#inOrder.then(work).catch((error) => this.#on.onFailed(error.message));
  }

  async #apply(message) {
    if (message.type === 'candidate') return await this.#addCandidate(message.candidate);
    if (message.type === 'offer') {
      await this.#pc.setRemoteDescription(message); // Rolls an offer of ours back: we are the polite peer.
      await this.#pc.setLocalDescription();
      await this.#sendDescription();
    } else if (this.#pc.signalingState === 'have-local-offer') {
      await this.#pc.setRemoteDescription(message);
      if (!this.#isFirstAnswer) this.#send(encodeDataChannel('unlock'));
      this.#isFirstAnswer = false;
      this.#answered();
    }
    for (const candidate of this.#earlyCandidates.splice(0)) await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate) {
    if (this.#pc.remoteDescription === null) this.#earlyCandidates.push(candidate);
    else if (candidate.candidate) await this.#pc.addIceCandidate(candidate);
  }

  async #offer() {
    try {
      await this.#pc.setLocalDescription();
      await this.#sendDescription();
    } catch (error) {
      this.#on.onFailed(error.message);
    }
  }

  async #sendDescription() {
    const { type, sdp } = this.#pc.localDescription;
    if (this.#dcSignaling && this.#channel.readyState === 'open')
      this.#send(encodeDataChannel('sdp', await deflate(JSON.stringify({ type, sdp }))));
    else await this.#on.sendSdp({ type, sdp });
  }

  #onMessage(bytes) {
    const message = decodeDataChannel(bytes);
    switch (message.type) {
      case 'pong':
        this.#pongMs = performance.now() - this.#pingSentAtMs;
        break;
      case 'lock':
        this.#lock.replied(message.isGranted);
        break;
      case 'mediaMap':
        this.#mediaMap = message.tracks;
        this.#deliverTracks();
        break;
      case 'sdp':
        this.#enqueue(async () => this.#apply(JSON.parse(await inflate(message.deflated))));
        break;
    }
  }

  #deliverTracks() {
    for (const [mid, { track, stream }] of this.#unnamedTracks) {
      const named = this.#mediaMap[mid];
      if (named === undefined) continue;
      this.#unnamedTracks.delete(mid);
      this.#on.onTrack({ mid, type: named.type, track, sessionID: stream?.id ?? named.sender_id });
    }
  }

  #ping() {
    this.#pingSentAtMs = performance.now();
    this.#send(encodeDataChannel('ping'));
  }

  #send(bytes) {
    if (this.#channel.readyState === 'open') this.#channel.send(bytes);
  }
}

/** Both ways, as the web client has it: the server decides what it sends back (wire spec 3.6). */
function pictureLine(stream, encoding) {
  return { direction: 'sendrecv', streams: [stream], sendEncodings: [encoding] };
}
