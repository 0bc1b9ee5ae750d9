/** The page's WebSocket to its server. It comes back by itself, as the web client's does: for 30 s (wire spec 2.8). */
import { deflate } from '/protocol/deflate.ts';

const comeBackBudgetMs = 30_000;
const comeBackStepMs = 1000;
const joinBudgetMs = 5000;

/** The connection ended, or there never was one: worth another try, unlike a refusal. */
class Lost extends Error {}

const pause = () => new Promise((resolve) => setTimeout(resolve, comeBackStepMs));

/** `on.people`, `on.signal`, `on.denied` and `on.ended` get what the server says. */
export function createSignalling(on) {
  let socket;
  let sessionID;
  let isClosed = false;
  let lostAtMs;
  let settleJoin;
  let number = 0;
  let untaken = [];

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
      case 'took':
        untaken = untaken.filter((one) => one.number > message.number);
        break;
      case 'denied':
        on.denied(message.reason);
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
        const lost = new Lost('The server of this page cannot be reached');
        reject(lost);
        if (sessionID === undefined) settleJoin?.reject(lost);
        else if (!isClosed) void comeBack();
      };
    });

  const comeBack = async () => {
    lostAtMs ??= performance.now();
    if (performance.now() - lostAtMs > comeBackBudgetMs)
      return on.ended('The connection to this page’s server was lost');
    await pause();
    if (isClosed) return;
    try {
      await open();
      lostAtMs = undefined;
      put({ type: 'reconnect', sessionID });
      untaken.forEach(put);
    } catch {
      // The close that failed it has started the next try.
    }
  };

  const put = (message) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  /**
   * Said again when the connection is back, until the server has taken it: an offer that is lost is a voice that is lost,
   * and a socket is open for some time after the other side has gone.
   */
  const send = (message) => {
    if (isClosed) return;
    number += 1;
    const one = { ...message, number };
    untaken.push(one);
    put(one);
  };

  const joinOnce = async (join) => {
    await open();
    const joined = new Promise((resolve, reject) => (settleJoin = { resolve, reject }));
    put({ type: 'join', ...join });
    return await joined;
  };

  return {
    send,
    /** A browser cuts its connections when an interface of the machine comes or goes: then once more from the start. */
    join: async (join) => {
      const untilMs = performance.now() + joinBudgetMs;
      for (;;) {
        try {
          return await joinOnce(join);
        } catch (error) {
          if (!(error instanceof Lost) || performance.now() > untilMs) throw error;
          await pause();
          if (isClosed) throw error;
        }
      }
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
