/** `spec.engine`, `spec.resources`, `spec.podMetadata`: what the pods are. */
import { facts } from '../../../support/pods.ts';
import type { Section } from '../entry.ts';
import { running } from '../situation.ts';

/** See the file comment. */
export const engine: Section = {
  'engine.type': {
    from: { engine: { image: 'mattermost/rtcd:v1.2.6' } },
    set: { engine: { type: 'Rtcd' } },
  },
  'engine.image': { set: { engine: { image: 'registry.example.com/sfu:2' } } },
  'engine.imagePullPolicy': { set: { engine: { imagePullPolicy: 'Always' } } },
  'engine.imagePullSecrets[].name': { set: { engine: { imagePullSecrets: [{ name: 'registry' }] } } },
  'engine.minimumVersion': {
    set: { engine: { minimumVersion: '1.3.0' } },
    in: running({ isPublished: false }, { isPublished: false, facts: facts({ version: '1.4.0' }) }),
  },
  'engine.workers': { set: { engine: { workers: 2 } } },
  'resources.requests': { set: { resources: { requests: { cpu: '2' } } } },
  'resources.limits': { set: { resources: { limits: { memory: '1Gi' } } } },
  'podMetadata.labels': { set: { podMetadata: { labels: { team: 'voice' } } } },
  'podMetadata.annotations': { set: { podMetadata: { annotations: { contact: 'voice@example.com' } } } },
};
