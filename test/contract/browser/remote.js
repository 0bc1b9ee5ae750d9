// Does what the test says: each message is code to evaluate. Runs in a page, whose path is its name.
/* global window, document, location, WebSocket */

const commands = new WebSocket(`ws://${location.host}${location.pathname}`);
const reply = (message) => commands.send(JSON.stringify(message));

commands.onmessage = async ({ data }) => {
  const { id, code } = JSON.parse(data);
  try {
    const value = await window.eval(code);
    reply({ id, value: value ?? null });
  } catch (error) {
    reply({ id, error: String(error) });
  }
};

window.toPlugin = (json) => reply({ plugin: json });

/** A page of its own for one more user. */
window.addFrame = (name) => {
  const frame = document.createElement('iframe');
  Object.assign(frame, { src: `/${name}`, allow: 'autoplay; camera; microphone', width: 700, height: 400 });
  document.body.append(frame);
};

/** Starts the client; `rtc` is its RTCConfiguration. */
window.enter = (options, rtc) => {
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = function () {
    return new Connection(rtc);
  };
  window.start(options);
};

const early = [];
let inOrder = Promise.resolve();

/** SDP or a candidate from the server, one after the other; candidates wait for the first description. */
window.fromPlugin = (json) => {
  inOrder = inOrder.then(() => window.client.guard(() => apply(json)));
  return inOrder;
};

async function apply(json) {
  const { client } = window;
  const message = JSON.parse(json);
  if (message.type === 'candidate') early.push(message.candidate);
  else await client.signal(json);
  if (client.hasLeft || client.pc.remoteDescription === null) return;
  for (const candidate of early.splice(0))
    await client.pc.addIceCandidate({ ...candidate, sdpMLineIndex: 0 });
}
