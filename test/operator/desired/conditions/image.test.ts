import { expect, test } from '@jest/globals';
import { imageCurrent } from '../../../../operator/desired/conditions/image.ts';
import { decideFleet } from '../../../../operator/fleet/decide.ts';
import { nowMs } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

/** `STATUS Reason: message`, while the operator's own image is sfu:2. */
function say(engine: object, kept?: string): string {
  const annotations = kept === undefined ? {} : { 'rtc.progressnet.gr/default-image': kept };
  const cluster = aCluster({ engine }, { annotations });
  const decision = decideFleet({ cluster, pods: [], revision: 'current', nowMs });
  const input = { cluster, decision, revision: 'current', operatorsImage: 'sfu:2', credentialProblems: [] };
  const { status, reason, message } = imageCurrent(input);
  return `${status} ${reason}: ${message}`;
}

test.each([
  [{ image: 'own:1' }, undefined, 'True EngineImage: engine.image is own:1'],
  [{}, undefined, "True OperatorsImage: Pods run the operator's own: sfu:2"],
  [
    {},
    'sfu:1',
    "False OperatorHasAnother: Pods keep sfu:1, which this cluster was first given; the operator's own is sfu:2 by now. To update to it, as update says: kubectl annotate -n mattermost rtccluster calls rtc.progressnet.gr/default-image-",
  ],
])('ImageCurrent for engine %j, with the image %s noted', (engine, kept, expected) => {
  expect(say(engine, kept)).toBe(expected);
});
