/** The page's WebSocket to its server. It comes back by itself, as the web client's does: for 30 s (wire spec 2.8). */
import { deflate } from '/protocol/deflate.ts';

const comeBackBudgetMs = 30_000;
const comeBackStepMs = 1000;

/** `on.people`, `on.signal` and `on.ended` get what the server says. */
export function createSignalling(on) {
  let socket;
  let sessionID;
  let isClosed = false;
  let lostAtMs;
  let settleJoin;
  const unsent = [];

  const take = (message) => {
    switch (message.type) {
      case 'joined':
        sessionID = message.sessionID;
        settleJoin?.resolve(message);
        break;
      case 'refused':
        if (sessionID === undefined) settleJoin?.reject(new Error(message.reason));
        else on.ended(message.reason);
        break;
      case 'people':
        on.people(message.people);
        break;
      case 'signal':
        on.signal(message.data);
        break;
      case 'ended':
        on.ended(message.reason);
        break;
    }
  };

  const open = () =>
    new Promise((resolve, reject) => {
      socket = new WebSocket(`ws://${location.host}/ws`);
      socket.onopen = resolve;
      socket.onmessage = (event) => take(JSON.parse(event.data));
      socket.onclose = () => {
        reject(new Error('The server of this page cannot be reached'));
        if (sessionID !== undefined && !isClosed) void comeBack();
      };
    });

  const comeBack = async () => {
    lostAtMs ??= performance.now();
    if (performance.now() - lostAtMs > comeBackBudgetMs)
      return on.ended('The connection to this page’s server was lost');
    await new Promise((resolve) => setTimeout(resolve, comeBackStepMs));
    if (isClosed) return;
    try {
      await open();
      lostAtMs = undefined;
      send({ type: 'reconnect', sessionID });
      unsent.splice(0).forEach(send);
    } catch {
      // The close that failed it has started the next try.
    }
  };

  /** What cannot go out now goes out when the connection is back: an offer that is lost is a voice that is lost. */
  const send = (message) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    else if (!isClosed) unsent.push(message);
  };

  return {
    send,
    join: async (join) => {
      await open();
      const joined = new Promise((resolve, reject) => (settleJoin = { resolve, reject }));
      send({ type: 'join', ...join });
      return await joined;
    },
    sendSdp: async (description) => {
      const bytes = await deflate(JSON.stringify(description));
      send({ type: 'sdp', data: window.btoa(String.fromCharCode(...bytes)) });
    },
    sendCandidate: (candidate) => send({ type: 'ice', candidate: candidate.toJSON() }),
    close: () => {
      isClosed = true;
      socket?.close();
    },
  };
}
