import type { Patch } from '../patch.ts';

/**
 * What a packet costs that goes to many is mostly memory that nobody has touched for 20 ms. A consumer has one
 * stream, but looked it up in three tables for each packet; a rate over seconds was kept in a hundred slots.
 */
export const fanOutPatches: readonly Patch[] = [
  {
    file: 'include/RTC/RateCalculator.hpp',
    from: 'DefaultWindowItems{ 100 }',
    to: 'DefaultWindowItems{ 20 }',
  },
  {
    file: 'include/RTC/Consumer.hpp',
    from: '\t\t  mapRtpStreamTargetLayerRetransmissionBuffer;\n',
    to: `\t\t  mapRtpStreamTargetLayerRetransmissionBuffer;
\t\tRTC::RTP::RtpStreamSend* onlyStream{ nullptr };
\t\tRTC::SeqManager<uint16_t>* onlySeqManager{ nullptr };
\t\tRetransmissionBuffer* onlyBuffer{ nullptr };
`,
  },
  {
    file: 'src/RTC/Consumer.cpp',
    from: `\t\t\trtpStream     = this->mapSsrcRtpStream.begin()->second;
\t\t\trtpSeqManager = &this->mapRtpStreamRtpSeqManager.at(rtpStream);
\t\t\ttargetLayerRetransmissionBuffer =
\t\t\t  &this->mapRtpStreamTargetLayerRetransmissionBuffer.at(rtpStream);
`,
    to: `\t\t\tif (!this->onlyStream)
\t\t\t{
\t\t\t\tthis->onlyStream     = this->mapSsrcRtpStream.begin()->second;
\t\t\t\tthis->onlySeqManager = &this->mapRtpStreamRtpSeqManager.at(this->onlyStream);
\t\t\t\tthis->onlyBuffer     = &this->mapRtpStreamTargetLayerRetransmissionBuffer.at(this->onlyStream);
\t\t\t}

\t\t\trtpStream                       = this->onlyStream;
\t\t\trtpSeqManager                   = this->onlySeqManager;
\t\t\ttargetLayerRetransmissionBuffer = this->onlyBuffer;
`,
  },
];
