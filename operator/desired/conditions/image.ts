/** Whether pods run the image that this operator would give them today. */
import { annotations } from '../names.ts';
import { imageOf } from '../revision.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

/** ImageCurrent: False is a choice, not a fault: an upgrade of the operator restarts no media server. */
export function imageCurrent({ cluster, operatorsImage }: ConditionInput): Verdict {
  const type = 'ImageCurrent';
  const { namespace, name } = cluster.metadata;
  const image = imageOf(cluster, operatorsImage);
  if (cluster.spec.engine.image !== undefined)
    return { type, status: 'True', reason: 'EngineImage', message: `engine.image is ${image}` };
  if (image === operatorsImage)
    return {
      type,
      status: 'True',
      reason: 'OperatorsImage',
      message: `Pods run the operator's own: ${image}`,
    };
  return {
    type,
    status: 'False',
    reason: 'OperatorHasAnother',
    message: `Pods keep ${image}, which this cluster was first given; the operator's own is ${operatorsImage} by now. To update to it, as update says: kubectl annotate -n ${namespace} rtccluster ${name} ${annotations.defaultImage}-`,
  };
}
