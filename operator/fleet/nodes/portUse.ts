/** A port of a node that a pod takes for itself. */
export interface PortUse {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}
