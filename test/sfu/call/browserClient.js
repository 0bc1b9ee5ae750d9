// The client's part of a call, as the plugin's web client plays it (wire spec 3, 4). Runs in a page.
/* global window, navigator, RTCPeerConnection, RTCRtpSender, MediaStream, AudioContext, document, setTimeout, setInterval, performance */

/** Of one wait of a page: shorter than any test, so that it is this that speaks. */
const patienceMs = 20_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function onlyAv1(transceiver) {
  const { codecs } = RTCRtpSender.getCapabilities('video');
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/AV1'));
  return transceiver;
}

class Client {
  constructor({ dcSignaling, rtc }) {
    this.dcSignaling = dcSignaling;
    this.errors = [];
    /** Bytes of what was described, by type. */
    this.sizes = { offer: [], answer: [] };
    this.tracks = [];
    this.pictures = [];
    this.shares = new Map();
    this.types = {};
    this.pongs = 0;
    this.offers = 0;
    this.lockReplies = [];
    this.context = new AudioContext();
    this.pc = new RTCPeerConnection(rtc);
    this.pc.onnegotiationneeded = () => this.guard(() => this.offer());
    this.pc.ontrack = (event) => this.addRemote(event);
    this.dc = this.pc.createDataChannel('calls-dc');
    this.dc.binaryType = 'arraybuffer';
    this.dc.onopen = () => setInterval(() => this.dc.send(new Uint8Array([1])), 1000);
    this.dc.onmessage = (event) => this.guard(() => this.receive(new Uint8Array(event.data)));
  }

  async guard(work) {
    try {
      await work();
    } catch (error) {
      this.errors.push(String(error));
    }
  }

  async offer() {
    this.offers += 1;
    await this.pc.setLocalDescription();
    await this.send(this.pc.localDescription);
  }

  async send({ type, sdp }) {
    const json = JSON.stringify({ type, sdp });
    this.sizes[type].push(json.length);
    if (!this.dcSignaling || this.dc.readyState !== 'open') return window.toPlugin(json);
    this.dc.send(await window.wire.sdpMessage(json));
  }

  leave() {
    this.pc.close();
    this.hasLeft = true;
  }

  async signal(json) {
    if (this.hasLeft) return;
    const description = JSON.parse(json);
    await this.pc.setRemoteDescription(description);
    if (description.type === 'offer') {
      await this.pc.setLocalDescription();
      await this.send(this.pc.localDescription);
    } else {
      this.answered?.();
    }
  }

  async receive(bytes) {
    const message = bytes[0] === 0xcc ? bytes.slice(1) : bytes; // As Go writes a small number.
    const [type, value] = message;
    if (type === 2) this.pongs += 1;
    else if (type === 7) this.lockReplies.push(value === 0xc3);
    else if (type === 9) this.types = window.wire.mediaMap(message);
    else if (type === 3) await this.signal(await window.wire.sdpIn(message));
  }

  async withLock(change) {
    await this.until('an open data channel', () => this.dc.readyState === 'open');
    for (;;) {
      const asked = this.lockReplies.length;
      this.dc.send(new Uint8Array([7]));
      await this.until('a reply about the lock', () => this.lockReplies.length > asked);
      if (this.lockReplies[asked]) break;
      await pause(50);
    }
    let isAnswered = false;
    this.answered = () => (isAnswered = true);
    await change();
    await this.until('the answer to the offer', () => isAnswered);
    this.dc.send(new Uint8Array([8]));
  }

  /** Waits, and when that takes too long says for what, and how the connection is. */
  async until(what, isThere) {
    const deadline = performance.now() + patienceMs;
    while (!isThere()) {
      if (performance.now() > deadline) throw new Error(`still missing: ${what}; ${this.state()}`);
      await pause(5);
    }
  }

  state() {
    const { connectionState, iceConnectionState, iceGatheringState, signalingState } = this.pc;
    return `the connection is ${connectionState}, ICE ${iceConnectionState}, gathering ${iceGatheringState}, signalling ${signalingState}, channel ${this.dc.readyState}; errors: ${this.errors.join() || 'none'}`;
  }

  async speak(hz) {
    await this.context.resume();
    this.microphone = this.tone(hz);
    await this.withLock(
      () => (this.sender = this.pc.addTrack(this.microphone, new MediaStream([this.microphone]))),
    );
  }

  tone(hz) {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    const destination = this.context.createMediaStreamDestination();
    oscillator.frequency.value = hz;
    // Loud and quiet in turn, as speech is: a steady tone is no voice to the server (wire spec 5).
    for (let step = 0; step < 3000; step += 1)
      gain.gain.setValueAtTime(step % 2 === 0 ? 0.5 : 0.01, this.context.currentTime + step / 5);
    oscillator.connect(gain).connect(destination);
    oscillator.start();
    return destination.stream.getAudioTracks()[0];
  }

  async mute() {
    await this.sender.replaceTrack(null);
  }

  async unmute() {
    await this.sender.replaceTrack(this.microphone);
  }

  /** As the web client does: what the media map does not name is a voice, or no picture at all. */
  addRemote({ track, streams, transceiver }) {
    const type = this.types[transceiver.mid]?.type;
    if (track.kind === 'audio') this.addSound({ track, streams, transceiver, type: type ?? 'voice' });
    else this.addPicture({ track, streams, transceiver, type: type ?? 'unknown' });
  }

  addPicture({ track, streams, transceiver, type }) {
    const picture = { mid: transceiver.mid, type, stream: streams[0]?.id, track, ...window.watch(track) };
    this.pictures.push(picture);
  }

  /** For each picture that is received: what it is and which colour it has. */
  seen() {
    return this.pictures.map(({ mid, type, stream, track, colour }) => ({
      mid,
      type,
      stream,
      colour: colour(),
      muted: track.muted,
      ended: track.readyState === 'ended',
    }));
  }

  /** Makes a picture that can be shared. Returns the name of its stream. */
  prepare(name, { colour, fps, noise }) {
    const { stream, stop } = window.paint(colour, { fps, noise });
    this.shares.set(name, { stream, stop, senders: [] });
    return stream.id;
  }

  /** Offers a picture: its track, then its sound, then its AV1, each with an offer of its own. */
  async share(name, { hz, hasFakeSound, av1, encodings = [{}] }) {
    if (hz !== undefined) await this.context.resume();
    const sound = hasFakeSound ? await navigator.mediaDevices.getUserMedia({ audio: true }) : undefined;
    const { stream, senders } = this.shares.get(name);
    const [track] = stream.getVideoTracks();
    const add = (change) => this.withLock(() => senders.push(change()));
    const video = (sendEncodings) =>
      this.pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream], sendEncodings });
    await add(() => video(encodings).sender);
    if (hz !== undefined) await add(() => this.pc.addTrack(this.tone(hz), stream));
    if (hasFakeSound) await add(() => this.pc.addTrack(sound.getAudioTracks()[0], stream));
    if (av1) await add(() => onlyAv1(video([{}])).sender);
  }

  /** Takes a share's tracks away, one by one. */
  async unshare(name) {
    const { senders, stop } = this.shares.get(name);
    for (const sender of senders) await this.withLock(() => this.pc.removeTrack(sender));
    stop();
  }

  addSound({ track, streams, transceiver, type }) {
    const stream = new MediaStream([track]);
    const audio = document.createElement('audio');
    Object.assign(audio, { srcObject: stream, autoplay: true, muted: true });
    document.body.append(audio);
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 8192;
    this.context.createMediaStreamSource(stream).connect(analyser);
    const remote = { mid: transceiver.mid, type, stream: streams[0]?.id, analyser, ended: false };
    track.onended = () => (remote.ended = true);
    this.tracks.push(remote);
  }

  /** For each track that is received: mid, stream and the loudest frequency, Hz. */
  async heard() {
    await this.context.resume();
    return this.tracks.map(({ mid, type, stream, analyser, ended }) => {
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const loudest = bins.indexOf(Math.max(...bins));
      const hz = Math.round((loudest * this.context.sampleRate) / analyser.fftSize);
      return { mid, type, stream, ended, hz: bins[loudest] > -60 ? hz : 0 };
    });
  }

  /** How the sound of a session was named when it came, and the packets of all sound so far. */
  async soundOf(stream) {
    const track = this.tracks.findLast((one) => one.stream === stream && !one.ended);
    return { type: track?.type ?? 'none', packets: await window.counted.soundPackets(this.pc) };
  }

  /** The webcam: one track, added once; later another track takes its place on the same line. */
  async showWebcam(name, { colour, av1 }) {
    const id = this.prepare(name, { colour, fps: 15 });
    const { stream, senders } = this.shares.get(name);
    const [track] = stream.getVideoTracks();
    if (this.webcam !== undefined) {
      await Promise.all(this.webcam.map((sender) => sender.replaceTrack(track)));
      return id;
    }
    await this.share(name, { av1 });
    this.webcam = senders;
    return id;
  }

  async hideWebcam(name) {
    await Promise.all(this.webcam.map((sender) => sender.replaceTrack(null)));
    this.shares.get(name).stop();
  }

  /** Remembers how many m-lines there are, for `moreLines`. */
  noteLines() {
    this.lines = this.pc.localDescription.sdp.split('\r\nm=').length;
  }

  moreLines() {
    return this.pc.localDescription.sdp.split('\r\nm=').length - this.lines;
  }

  receivedCodecs() {
    return window.counted.receivedCodecs(this.pc);
  }

  pictureStats() {
    return window.counted.pictures(this.pc);
  }

  stats() {
    return window.counted.connection(this.pc);
  }
}

window.start = (options) => (window.client = new Client(options));
