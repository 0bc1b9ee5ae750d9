/** The data channel of one session: from its transport to this process and back. */
import type { DataProducer, DirectTransport, WebRtcTransport } from 'mediasoup/types';

/** Both ends. `direct` carries the data channels of all sessions of a call between the worker and this process. */
export interface ChannelEnds {
  readonly transport: WebRtcTransport;
  readonly direct: DirectTransport;
}

/** One channel. mediasoup knows no DCEP: the client, being DTLS client, opens stream 0 (RFC 8832 6). */
export class SessionChannel {
  #toClient: DataProducer | undefined;
  #fromClient: DataProducer | undefined;

  /** Ready for what a client sends early. Rejects when a way cannot be opened; `close()` ends what is open. */
  async open(ends: ChannelEnds, onMessage: (data: Buffer, ppid: number) => void): Promise<void> {
    const ways = await Promise.allSettled([this.#openUp(ends, onMessage), this.#openDown(ends)]);
    const failed = ways.find((way) => way.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** One message to the client; nothing happens while there is no way. */
  send(ppid: number, data: Uint8Array): void {
    this.#toClient?.send(Buffer.from(data.buffer, data.byteOffset, data.byteLength), ppid);
  }

  /** Idempotent. */
  close(): void {
    this.#toClient?.close();
    this.#fromClient?.close();
  }

  async #openUp(
    { transport, direct }: ChannelEnds,
    onMessage: (data: Buffer, ppid: number) => void,
  ): Promise<void> {
    this.#fromClient = await transport.produceData({ sctpStreamParameters: { streamId: 0, ordered: true } });
    const consumer = await direct.consumeData({ dataProducerId: this.#fromClient.id });
    consumer.on('message', onMessage);
  }

  /** On stream 0, the one the client opened. */
  async #openDown({ transport, direct }: ChannelEnds): Promise<void> {
    allotStreamZero(transport);
    this.#toClient = await direct.produceData();
    await transport.consumeData({ dataProducerId: this.#toClient.id, ordered: true });
  }
}

/**
 * mediasoup allots streams from a table that it makes for each transport: 65,535 bytes, more than all else that this
 * process keeps of a session. We have one stream.
 */
function allotStreamZero(transport: WebRtcTransport): void {
  if (!('allocateSctpStreamId' in transport))
    throw new Error('this release of mediasoup allots SCTP streams in a way unknown here');
  Object.assign(transport, { allocateSctpStreamId: () => 0 });
}
