/** PURE: what whoever has just started a cluster types next, in another terminal. Each line works as it stands. */
import { dirname } from 'node:path';
import { imageValues } from '../support/release.ts';

/** What the lines name. */
export interface Started {
  /** Of the checkout. */
  readonly root: string;
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly helm: string;
  /** References of what lies on the nodes; absent: nothing of ours. */
  readonly images?: { readonly operator: string; readonly sfu: string; readonly coturn: string };
}

/** Said last, once everything above it is true; whoever waits for the cluster waits for these words. */
export const lastLine = 'Ctrl-C ends it';

/** In the order in which they are typed. */
export function nextSteps(started: Started): string {
  const { images } = started;
  return [...access(started), ...(images === undefined ? [] : steps(images))].join('\n');
}

/** `node_modules/.bin` has a Node that is new enough for `kubectl rtc`. */
function access({ root, kubeconfig, kubectl, helm }: Started): string[] {
  const dirs = new Set([`${root}/dist`, `${root}/node_modules/.bin`, dirname(helm), dirname(kubectl)]);
  return [
    'Up. In another terminal:',
    `  cd ${root}`,
    `  export KUBECONFIG=${kubeconfig}`,
    `  export PATH=${[...dirs].join(':')}:$PATH`,
  ];
}

function steps({ operator, sfu, coturn }: NonNullable<Started['images']>): string[] {
  const image = JSON.stringify({ spec: { image: coturn } });
  const use = JSON.stringify({ spec: { turn: { turnServerName: 'edge' } } });
  return [
    'the operator, and an RTCCluster:',
    '  helm install rtc-operator charts/rtc-operator --namespace rtc-system --create-namespace \\',
    `    --set ${imageValues({ operator, sfu }).join(',')}`,
    '  kubectl create namespace mattermost',
    '  kubectl config set-context --current --namespace=mattermost',
    '  kubectl apply -f crds/samples/rtccluster.yaml',
    '  kubectl wait rtccluster/calls --for=condition=Ready --timeout=120s',
    'two people in a call, without a Mattermost; see it, and try what is to be tried:',
    '  npm run call -- --people 2 --seconds 60',
    '  make kubectl-rtc && kubectl rtc status',
    'TURN servers, of the coturn that lies on the nodes, and the RTCCluster with them:',
    `  kubectl patch --local -f crds/samples/turnserver.yaml --type merge -p '${image}' -o yaml | kubectl apply -f -`,
    `  kubectl patch rtccluster calls --type merge -p '${use}'`,
    'or, instead of all this, the demo:',
    `  IMAGE_OPERATOR=${operator} IMAGE_SFU=${sfu} IMAGE_COTURN=${coturn} CLUSTER=current make demo`,
  ];
}
