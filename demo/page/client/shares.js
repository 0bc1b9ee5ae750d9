/** The pictures that a person sends: a screen and a webcam, in the order in which the web client does it (wire spec 3.8, 3.9). */
import { captureScreen, captureWebcam, encodings } from './capture.js';
import { createTurns } from './turns.js';

const permissionTimeoutMs = 5000;

/** `send` speaks to the page's server, `show` gets `{type, stream}` of our own pictures, undefined when one ends. */
export function createShares({ peer, send, show, camera }) {
  const screen = createScreen({ peer, send, show });
  const webcam = createWebcam({ peer, send, show, camera });
  return {
    screen,
    webcam,
    close: () => [screen, webcam].forEach((one) => one.close()),
  };
}

/** The server is asked first: one screen a call. Then come the tracks; at the end they go before the server is told. */
function createScreen({ peer, send, show }) {
  const inTurn = createTurns();
  let stream;
  let senders = [];
  let settle;
  let isClosed = false;

  const release = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    show({ type: 'screen', stream: undefined });
  };

  const permission = (streamID) => {
    let timer;
    return new Promise((resolve, reject) => {
      settle = { resolve, reject };
      timer = setTimeout(reject, permissionTimeoutMs, new Error('The server does not say whether you may'));
      send({ type: 'screenOn', streamID });
    }).finally(() => {
      clearTimeout(timer);
      settle = undefined;
    });
  };

  const start = async (capture) => {
    if (stream !== undefined) return;
    stream = await capture();
    if (isClosed) return release();
    try {
      await permission(stream.id);
    } catch (error) {
      release();
      throw error;
    }
    const [picture] = stream.getVideoTracks();
    picture.onended = () => void inTurn(stop); // The browser has a button of its own for that.
    show({ type: 'screen', stream });
    senders.push(await peer.addPicture(picture, stream, encodings.screen));
    for (const sound of stream.getAudioTracks()) senders.push(await peer.addSound(sound, stream));
  };

  const stop = async () => {
    if (stream === undefined) return;
    release();
    for (const sender of senders.splice(0)) await peer.remove(sender);
    send({ type: 'screenOff' });
  };

  return {
    isOn: () => stream !== undefined,
    /** Rejects when the person picks nothing, or somebody else shares. `capture` is for automation. */
    start: (capture = captureScreen) => inTurn(() => start(capture)),
    stop: () => inTurn(stop),
    /** What the server says of our wish. */
    granted: () => settle?.resolve(),
    denied: (reason) => settle?.reject(new Error(reason)),
    close: () => {
      isClosed = true;
      release();
    },
  };
}

/** One line for ever: later another track takes its place, without an offer. */
function createWebcam({ peer, send, show, camera }) {
  const inTurn = createTurns();
  let sender;
  let stream;
  let deviceId = camera;
  let isClosed = false;

  const release = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    show({ type: 'video', stream: undefined });
  };

  const open = async (capture = () => captureWebcam(deviceId)) => {
    const next = await capture();
    stream?.getTracks().forEach((track) => track.stop());
    stream = next;
    const [track] = next.getVideoTracks();
    track.onended = () => void inTurn(stop); // It has been unplugged.
    if (isClosed) release();
    else show({ type: 'video', stream });
    return track;
  };

  const start = async (capture) => {
    if (stream !== undefined) return;
    const track = await open(capture);
    if (isClosed) return;
    const { id: streamID } = stream;
    if (sender === undefined) sender = await peer.addPicture(track, stream, encodings.webcam);
    else await sender.replaceTrack(track);
    send({ type: 'videoOn', streamID });
  };

  const stop = async () => {
    if (stream === undefined) return;
    release();
    await sender?.replaceTrack(null);
    send({ type: 'videoOff' });
  };

  return {
    isOn: () => stream !== undefined,
    start: (capture) => inTurn(() => start(capture)),
    stop: () => inTurn(stop),
    /** Another camera, at once when one is on: the others see it without an offer. */
    choose: (id) =>
      inTurn(async () => {
        deviceId = id;
        if (stream !== undefined) await sender?.replaceTrack(await open());
      }),
    close: () => {
      isClosed = true;
      release();
    },
  };
}
