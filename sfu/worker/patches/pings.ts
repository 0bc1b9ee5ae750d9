import type { Patch } from '../patch.ts';

/**
 * Every client pings once a second (wire spec 4.2), which woke this process and the worker in turn for each. The
 * worker answers by itself once the server has spoken on the channel, twice a second at most: what comes more
 * often is let through to be weighed like all else.
 */
export const pingPatches: readonly Patch[] = [
  {
    file: 'include/RTC/Transport.hpp',
    from: '\t\tankerl::unordered_dense::map<uint16_t, RTC::DataConsumer*> mapSctpStreamIdDataConsumers;\n',
    to: `\t\tankerl::unordered_dense::map<uint16_t, RTC::DataConsumer*> mapSctpStreamIdDataConsumers;
\t\tint64_t lastPongAtMs{ 0 };
`,
  },
  {
    file: 'include/RTC/DataConsumer.hpp',
    from: '\t\tvoid SctpAssociationClosed();\n',
    to: `\t\tsize_t GetMessagesSent() const
\t\t{
\t\t\treturn this->messagesSent;
\t\t}
\t\tvoid SctpAssociationClosed();
`,
  },
  {
    file: 'src/RTC/Transport.cpp',
    from: '\t\tthis->listener->OnTransportDataProducerMessageReceived(\n',
    to: `\t\tconstexpr uint32_t BinaryPpid{ 53 };
\t\tconstexpr uint8_t Ping{ 1 };
\t\tconstexpr uint8_t Pong{ 2 };
\t\tconst auto said = message.GetPayload();

\t\tif (message.GetPayloadProtocolId() == BinaryPpid && said.size() == 1 && said[0] == Ping)
\t\t{
\t\t\tconst auto it       = this->mapSctpStreamIdDataConsumers.find(message.GetStreamId());
\t\t\tconst int64_t nowMs = this->shared->GetTimeMs();

\t\t\tif (
\t\t\t  it != this->mapSctpStreamIdDataConsumers.end() && it->second->GetMessagesSent() > 0 &&
\t\t\t  nowMs - this->lastPongAtMs >= 500)
\t\t\t{
\t\t\t\tthis->lastPongAtMs = nowMs;
\t\t\t\tstd::vector<uint16_t> everybody;
\t\t\t\tit->second->SendMessage(
\t\t\t\t  RTC::SCTP::Message(message.GetStreamId(), BinaryPpid, { Pong }),
\t\t\t\t  everybody,
\t\t\t\t  std::nullopt,
\t\t\t\t  std::nullopt,
\t\t\t\t  nullptr);

\t\t\t\treturn;
\t\t\t}
\t\t}

\t\tthis->listener->OnTransportDataProducerMessageReceived(
`,
  },
];
