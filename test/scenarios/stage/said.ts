/** Everything that the operator, agents and coturns of a story have said where others can read it. */
import type { Cluster } from '../../cluster/options.ts';
import { releaseNamespace } from '../../support/release.ts';

/** What was collected. */
export interface Said {
  /** Logs go with their pod: to be called before one goes. */
  collect(): Promise<void>;
  /** Which of these words were said, each by what is around it; plain, or as base64. The words themselves are left out. */
  found(words: readonly string[]): readonly string[];
  /** Characters of all texts. */
  length(): number;
}

const kinds = 'events,turnservers,rtcclusters,pods,configmaps,services,endpointslices,controllerrevisions';
const selectors: readonly (readonly string[])[] = [
  ['-n', releaseNamespace, '-l', 'app.kubernetes.io/name=rtc-operator'],
  ['-l', 'rtc.progressnet.gr/turnserver'],
  ['-l', 'rtc.progressnet.gr/cluster'],
];

/** Of this cluster; nothing is collected yet. */
export function createSaid(cluster: Pick<Cluster, 'kubectl'>): Said {
  const texts: string[] = [];
  return {
    async collect() {
      const flags = ['--all-containers', '--tail=-1', '--ignore-errors', '--max-log-requests=20'];
      for (const selector of selectors) texts.push(await cluster.kubectl('logs', ...selector, ...flags));
      texts.push(await cluster.kubectl('get', kinds, '-A', '-o', 'yaml'));
    },
    found: (words) =>
      words.flatMap((word, at) => {
        const forms = [word, Buffer.from(word).toString('base64').replace(/=+$/, '')];
        return texts.flatMap((text) =>
          forms.flatMap((form) => {
            const index = text.indexOf(form);
            if (index < 0) return [];
            const around = [
              text.slice(Math.max(0, index - 80), index),
              text.slice(index + form.length, index + form.length + 20),
            ];
            return [around.join(`<word ${at}>`)];
          }),
        );
      }),
    length: () => texts.reduce((sum, text) => sum + text.length, 0),
  };
}
