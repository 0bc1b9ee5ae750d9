/** A bot's peer connection that is signalled through the plugin's WebSocket, as every client of Mattermost is. */
import { BotPeer, type PeerDeps } from '../../demo/bots/peer.ts';
import { rtcType } from '../../demo/page/server/frames.ts';
import { inflate } from '../../demo/protocol/deflate.ts';
import type { Plugin } from './plugin.ts';

/** What is left to the user of the connection. */
export interface PluginPeerOptions extends Pick<
  PeerDeps,
  'dcSignaling' | 'channelLabel' | 'takesPictures' | 'onPacket' | 'onFailed' | 'onChannelMessage'
> {
  /** Sees what the server says about the session, before the connection does. */
  readonly onSignal?: (json: string) => unknown;
}

/** Of a session that `plugin` has joined. It sends from loopback. */
export function pluginPeer(plugin: Plugin, sessionID: string, options: PluginPeerOptions): BotPeer {
  const { onSignal, ...deps } = options;
  const peer = new BotPeer({
    ...deps,
    name: sessionID,
    bindAddress: '127.0.0.1',
    sendSdp: (deflated) => void sendSdp(plugin, sessionID, deflated),
    sendCandidate: (candidate) => plugin.rtc(sessionID, 'ice', candidate),
  });
  plugin.onFrame(({ type, data }) => {
    if (type !== 'rtc' || data['session_id'] !== sessionID) return;
    const json = Buffer.from(data['data'] as Uint8Array).toString();
    onSignal?.(json);
    peer.signal(json);
  });
  return peer;
}

async function sendSdp(plugin: Plugin, sessionID: string, deflated: Uint8Array): Promise<void> {
  const json = await inflate(new Uint8Array(deflated));
  plugin.rtc(sessionID, rtcType.sdp, JSON.parse(json) as unknown);
}
