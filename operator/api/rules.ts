/** The CEL rules of RTCCluster. Each message names the field and what to write instead. */
import type { CelRule } from './shared.ts';

/** Rules over the object as a whole. */
export const objectRules: readonly CelRule[] = [
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$')",
    message:
      'metadata.name becomes part of Service and pod names: use at most 50 characters a-z, 0-9 and -, beginning with a letter',
  },
];

/** Rules over the whole spec. */
export const specRules: readonly CelRule[] = [
  {
    rule: "self.scaling.mode == 'Auto' || has(self.replicas)",
    message: 'scaling.mode Manual and External need replicas: set replicas to the number of SFU pods',
  },
  {
    rule: "self.scaling.mode != 'Auto' || !has(self.replicas)",
    message:
      'scaling.mode Auto decides the number of SFU pods itself: remove replicas and set scaling.minPods, or set scaling.mode: Manual to scale by hand',
  },
  {
    rule: "self.scaling.mode != 'Auto' || self.scaling.minPods >= self.discovery.minPublished",
    message:
      'scaling.minPods must not be below discovery.minPublished: raise scaling.minPods, or lower discovery.minPublished',
  },
  {
    rule: '!has(self.replicas) || self.replicas >= self.discovery.minPublished',
    message:
      'replicas must not be below discovery.minPublished (at least 1: without a published pod Mattermost finds no host): raise replicas, or lower discovery.minPublished',
  },
  {
    rule: 'self.network.media.udpPort + self.engine.workers - 1 <= 49151 && self.network.media.tcpPort + self.engine.workers - 1 <= 49151',
    message:
      'engine.workers needs one media port each, up to port 49151: lower network.media.udpPort and network.media.tcpPort, or engine.workers',
  },
  {
    rule: '!(self.network.apiPort > self.network.media.tcpPort && self.network.apiPort < self.network.media.tcpPort + self.engine.workers)',
    message:
      'network.apiPort lies among the TCP media ports of the workers (network.media.tcpPort plus engine.workers): move one of them',
  },
];
