/** The open plugin connections, and how a message finds one. */
import type { PluginSender } from '../call/service.ts';
import type { Connection } from './connection.ts';

/** Connections by id, and by client for the case that the wanted one is gone. */
export interface Connections extends PluginSender {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** Open connections of one client. */
  count(clientID: string): number;
  /** Open connections by client id. */
  countByClient(): ReadonlyMap<string, number>;
  /** Resolves when every socket is gone. Whoever connects later is closed as well, or would keep the server from ending. */
  closeAll(): Promise<void>;
}

/**
 * A message goes to the connection that owns the session now, else to any open
 * one of the same client: another node of that Mattermost passes it on or logs
 * it (wire spec 2.7).
 */
export function createConnections(): Connections {
  const byClient = new Map<string, Map<string, Connection>>();
  let isClosing = false;
  const all = (): Connection[] => [...byClient.values()].flatMap((ofClient) => [...ofClient.values()]);
  return {
    send({ groupID, connID }, message) {
      const ofClient = byClient.get(groupID);
      if (ofClient === undefined) return false;
      if (ofClient.get(connID)?.send(message) === true) return true;
      return [...ofClient.values()].some((other) => other.connID !== connID && other.send(message));
    },
    add(connection) {
      if (isClosing) void connection.close();
      const ofClient = byClient.get(connection.clientID) ?? new Map<string, Connection>();
      byClient.set(connection.clientID, ofClient.set(connection.connID, connection));
    },
    remove({ clientID, connID }) {
      const ofClient = byClient.get(clientID);
      ofClient?.delete(connID);
      if (ofClient?.size === 0) byClient.delete(clientID);
    },
    count: (clientID) => byClient.get(clientID)?.size ?? 0,
    countByClient: () => new Map([...byClient].map(([clientID, ofClient]) => [clientID, ofClient.size])),
    closeAll: async () => {
      isClosing = true;
      await Promise.all(all().map((connection) => connection.close()));
    },
  };
}
