/** Every scenario, in the order of the table. */
import { routeAddress } from '../../support/routeAddress.ts';
import type { Group } from '../scenario.ts';
import { closed, sealed } from './http/closed.ts';
import { login } from './http/login.ts';
import { register } from './http/register.ts';
import { sessions } from './http/sessions.ts';
import { status } from './http/status.ts';
import { tls } from './http/tls.ts';
import { unregister } from './http/unregister.ts';
import { config } from './config.ts';
import { drain } from './drain.ts';
import { metrics } from './metrics.ts';
import { pluginClient } from './pluginClient.ts';
import { channel } from './rtc/channel.ts';
import { comeAndGo } from './rtc/comeAndGo.ts';
import { counted } from './rtc/counted.ts';
import { relayed } from './rtc/relayed.ts';
import { signaling } from './rtc/signaling.ts';
import { speech } from './rtc/speech.ts';
import { chromiumUsers, firefoxUsers } from './rtc/users.ts';
import { voice } from './rtc/voice.ts';
import { connection } from './ws/connection.ts';
import { membership } from './ws/membership.ts';
import { routing } from './ws/routing.ts';

/** Groups that share one server each. */
export const groups: readonly Group[] = [
  { name: 'HTTP', scenarios: [...status, ...register, ...login, ...unregister, ...sessions] },
  {
    name: 'HTTP without self-registration',
    env: { RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'false' },
    scenarios: closed,
  },
  {
    name: 'HTTP without self-registration and admin',
    env: { RTCD_API_SECURITY_ALLOWSELFREGISTRATION: 'false', RTCD_API_SECURITY_ENABLEADMIN: 'false' },
    scenarios: sealed,
  },
  { name: 'WebSocket', scenarios: [...connection, ...membership, ...routing], concurrency: 8 },
  { name: 'Data channel', scenarios: channel },
  { name: 'Voice', scenarios: [...voice, ...signaling, ...comeAndGo, ...counted] },
  { name: 'Speech', scenarios: speech },
  { name: 'Chromium', scenarios: chromiumUsers, concurrency: 2 },
  { name: 'TURN', scenarios: relayed, concurrency: 1 },
  { name: 'Firefox ESR', env: onDefaultAddress, scenarios: firefoxUsers, concurrency: 2 },
  { name: 'Metrics', scenarios: metrics },
  { name: 'TLS', scenarios: tls, concurrency: 2 },
  { name: 'Drain', scenarios: drain, concurrency: 2 },
  { name: 'Configuration', scenarios: config, concurrency: 2 },
  { name: 'rtcd’s client', scenarios: pluginClient },
];

async function onDefaultAddress(): Promise<Readonly<Record<string, string>>> {
  const address = await routeAddress();
  return {
    RTCD_RTC_ICEADDRESSUDP: address,
    RTCD_RTC_ICEADDRESSTCP: address,
    RTCD_RTC_ICEHOSTOVERRIDE: '',
  };
}
