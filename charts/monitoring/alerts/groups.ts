/** Every alert of the chart. */
import type { AlertDefinition, AlertGroup } from './definition.ts';
import { fleetAlerts } from './fleet.ts';
import { operatorAlerts } from './operator.ts';
import { turnAlerts } from './turn.ts';

/** In the order of the rules file. */
export const alertGroups: readonly AlertGroup[] = [fleetAlerts, operatorAlerts, turnAlerts];

/** All of them. */
export const alerts: readonly AlertDefinition[] = alertGroups.flatMap((group) => group.alerts);
