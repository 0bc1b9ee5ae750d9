/**
 * A fleet that grows and shrinks under calls whose only way to their SFUs is the plugin's own Go client, by the plugin's
 * rules of discovery: operator, SFUs, DNS, nodes and media are real. The bots in the calls are the witnesses.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ensureReference } from '../contract/reference.ts';
import { memberOf, openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import { createGoLink, type GoLink } from './stage/goLink.ts';
import type { Talk } from './stage/talk.ts';

let stage: FleetStage;
let go: GoLink;
const talks: Talk[] = [];

beforeAll(async () => {
  go = createGoLink(await ensureReference(() => undefined));
  stage = await openFleetStage({ nodes: 2, published: 1, spec: { replicas: 1 }, link: go.link });
}, 500_000);
afterEach(() => talks.splice(0).forEach((talk) => talk.end()));
afterAll(() => stage.stop(), 60_000);

test("the plugin's own client loses no session while the fleet goes from one pod to two, and back to one", async () => {
  talks.push(await stage.talk('before'));
  await stage.patch({ replicas: 2 });
  await stage.untilHosts(2);
  talks.push(await stage.talk('between'));
  expect(new Set(talks.map(({ place }) => place.pod)).size).toBe(2);
  await stage.patch({ replicas: 1 });
  await stage.untilHosts(1);
  await stage.until(({ members = [] }) =>
    members.some(({ reason }) => reason === 'SessionsActive') ? undefined : 'nobody waits for calls',
  );
  talks.push(await stage.talk('after'));
  await stage.nobodyWasDropped(talks);
  expect(go.complaints).toEqual([]);
  const status = await stage.status();
  const leaving = talks.filter((talk) => memberOf(talk, status)?.state === 'Draining');
  expect(leaving).toHaveLength(1);
  leaving.forEach((talk) => talk.end());
  await stage.untilOnlyPublished(1);
  await stage.nobodyWasDropped(talks.filter((talk) => !leaving.includes(talk)));
  await stage.keepFigures('pluginClient');
}, 500_000);
