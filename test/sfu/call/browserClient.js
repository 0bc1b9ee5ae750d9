// The client's part of a call, as the plugin's web client plays it (wire spec 3, 4). Runs in a page.
/* global window, navigator, RTCPeerConnection, RTCRtpSender, MediaStream, AudioContext, document, setTimeout, setInterval, CompressionStream, DecompressionStream, Response, Blob, TextDecoder */

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function pipe(bytes, transform) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());
}

/** The media map: type 9, then a msgpack map of maps of strings. */
function readMap(message) {
  let at = 1;
  const text = (length) => new TextDecoder().decode(message.slice(at, (at += length)));
  const big = () => (message[at++] << 8) | message[at++];
  const value = () => {
    const head = message[at++];
    if (head >= 0xa0 && head < 0xc0) return text(head & 31);
    if (head === 0xd9) return text(message[at++]);
    const size = head === 0xde ? big() : head & 15;
    const entries = Array.from({ length: size }, () => [value(), value()]);
    return Object.fromEntries(entries);
  };
  return value();
}

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
    const zlib = await pipe(json, new CompressionStream('deflate'));
    const message = new Uint8Array(6 + zlib.length);
    message.set([3, 0xc6, 0, 0, zlib.length >> 8, zlib.length & 255]);
    message.set(zlib, 6);
    this.dc.send(message);
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
    else if (type === 9) this.types = readMap(message);
    else if (type === 3) {
      const header = { 0xc4: 3, 0xc5: 4, 0xc6: 6 }[value];
      const json = await pipe(message.slice(header), new DecompressionStream('deflate'));
      await this.signal(new TextDecoder().decode(json));
    }
  }

  async withLock(change) {
    while (this.dc.readyState !== 'open') await pause(5);
    for (;;) {
      const asked = this.lockReplies.length;
      this.dc.send(new Uint8Array([7]));
      while (this.lockReplies.length === asked) await pause(5);
      if (this.lockReplies[asked]) break;
      await pause(50);
    }
    const answered = new Promise((resolve) => (this.answered = resolve));
    await change();
    await answered;
    this.dc.send(new Uint8Array([8]));
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

  /** Codecs of the pictures that arrive. */
  async receivedCodecs() {
    const all = await this.pc.getStats();
    const pictures = [...all.values()].filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return pictures
      .filter(({ framesDecoded }) => framesDecoded > 0)
      .map(({ codecId }) => all.get(codecId).mimeType);
  }

  /** How the sound of a session was named when it came, and the packets of all sound so far. */
  async soundOf(stream) {
    const track = this.tracks.findLast((one) => one.stream === stream && !one.ended);
    const all = [...(await this.pc.getStats()).values()];
    const packets = all
      .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
      .reduce((sum, one) => sum + one.packetsReceived, 0);
    return { type: track?.type ?? 'none', packets };
  }

  /** What arrives and leaves as pictures: one row for each stream. */
  async pictureStats() {
    const all = [...(await this.pc.getStats()).values()].filter(({ kind }) => kind === 'video');
    const of = (wanted) => all.filter(({ type }) => type === wanted);
    return {
      received: of('inbound-rtp').map((one) => ({
        mid: one.mid,
        frames: one.framesDecoded,
        packets: one.packetsReceived,
        bytes: one.bytesReceived,
        lost: one.packetsLost,
        repeated: one.retransmittedPacketsReceived ?? 0,
        keyFrames: one.keyFramesDecoded,
        freezes: one.freezeCount,
      })),
      sent: of('outbound-rtp').map((one) => ({
        rid: one.rid ?? '',
        frames: one.framesSent,
        packets: one.packetsSent,
        bytes: one.bytesSent,
        repeated: one.retransmittedPacketsSent,
        keyFrameRequests: one.pliCount + one.firCount,
      })),
    };
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

  async stats() {
    const all = [...(await this.pc.getStats()).values()];
    const of = (type) => all.filter((one) => one.type === type);
    const pair = of('candidate-pair').find((one) => one.nominated);
    const remote = all.find((one) => one.id === pair?.remoteCandidateId);
    return {
      received: of('inbound-rtp').reduce((sum, one) => sum + one.packetsReceived, 0),
      sent: of('outbound-rtp').reduce((sum, one) => sum + one.packetsSent, 0),
      lost: of('inbound-rtp').reduce((sum, one) => sum + one.packetsLost, 0),
      srtp: of('transport')[0]?.srtpCipher,
      remote: `${remote?.protocol} ${remote?.address}:${remote?.port}`,
      state: this.pc.connectionState,
      mids: this.pc.getTransceivers().map((one) => `${one.mid} ${one.currentDirection}`),
    };
  }
}

window.start = (options) => (window.client = new Client(options));
