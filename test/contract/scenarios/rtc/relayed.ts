/** Users behind a TURN relay, the only way that they have (wire spec 6). */
import { strictEqual } from 'node:assert/strict';

import { type RelayTransport, startRelay } from '../../relay.ts';
import { type Scenario, scenarios } from '../../scenario.ts';

const transports: readonly RelayTransport[] = ['UDP', 'TCP', 'TLS'];

/** Scenarios with coturn. */
export const relayed: readonly Scenario[] = scenarios(
  transports.map((transport): Scenario => ({
    name: `A user who reaches nothing but a TURN relay over ${transport} is in the call (Chromium)`,
    spec: '6',
    isSlow: true,
    run: async (stage) => {
      const relay = await startRelay();
      stage.defer(() => relay.stop());
      const [plugin, callID] = [await stage.plugin(), stage.id()];
      const ada = await stage.user('Chromium', { plugin, callID, rtc: relay.rtc(transport) });
      const bruno = await stage.user('Chromium', { plugin, callID });
      await ada.speak(440);
      await bruno.speak(880);
      await bruno.hears(ada.sessionID, 440);
      await ada.hears(bruno.sessionID, 880);
      const local = await ada.page.evaluate(
        `client.pc.getStats().then((all) => {
          const pair = [...all.values()].find((one) => one.type === 'candidate-pair' && one.nominated);
          return all.get(pair.localCandidateId).candidateType;
        })`,
      );
      strictEqual(local, 'relay');
    },
  })),
);
