/** Every dashboard of the chart. */
import type { DashboardDefinition } from './definition.ts';
import { fleetDashboard } from './dashboards/fleet.ts';
import { operatorDashboard } from './dashboards/operator.ts';
import { sfuDashboard } from './dashboards/sfu.ts';
import { turnDashboard } from './dashboards/turn.ts';

/** By the name of the file, without `.json`. */
export const dashboards: Readonly<Record<string, DashboardDefinition>> = {
  fleet: fleetDashboard,
  sfu: sfuDashboard,
  turn: turnDashboard,
  operator: operatorDashboard,
};
