/** The messages of the plugin's WebSocket (wire spec 2.3), as plain data. Bytes are in `clientMessage.ts`. */

/** `rtc.Message.type` (wire spec 2.3). 9 and 10 come from plugin 1.12 and newer. */
export const rtcMessageType = {
  ice: 1,
  sdp: 2,
  mute: 3,
  unmute: 4,
  screenOn: 5,
  screenOff: 6,
  voiceOn: 7,
  voiceOff: 8,
  videoOn: 9,
  videoOff: 10,
} as const;

/** `rtc.Message`. From a plugin only `sessionID`, `type` and `data` mean anything. */
export interface RtcMessage {
  readonly groupID: string;
  readonly userID: string;
  readonly sessionID: string;
  readonly callID: string;
  readonly type: number;
  /** JSON text for SDP and ICE, absent for mute and the like. */
  readonly data?: Uint8Array;
}

/** What we send to a plugin. */
export type ServerMessage =
  | { readonly type: 'hello'; readonly clientID: string; readonly connID: string }
  | { readonly type: 'close'; readonly sessionID: string }
  | { readonly type: 'rtc'; readonly message: RtcMessage }
  | { readonly type: 'vad'; readonly message: RtcMessage };
