/**
 * coturn's SQLite database. It looks up secrets at each allocation and reads the peers every five seconds, so what is
 * written here acts without a restart. Made before coturn starts, because journal mode and first secrets must be there by
 * then; coturn adds the tables that are missing. The file is never replaced: coturn would keep the old one open.
 */
import { DatabaseSync } from 'node:sqlite';
import type { RowChange, Rows } from './rows.ts';

/** See the file comment. */
export interface Database {
  read(): Rows;
  /** All or nothing. Throws when somebody else holds the file for longer than `busyMs`. */
  write(change: RowChange): void;
  close(): void;
}

/** How long a short transaction waits for another one. */
const busyMs = 2_000;

/** As coturn 4.18 makes them itself. */
const tables = `
  CREATE TABLE IF NOT EXISTS turn_secret
    (realm varchar(127) default '', value varchar(127), primary key (realm,value));
  CREATE TABLE IF NOT EXISTS allowed_peer_ip
    (realm varchar(127) default '', ip_range varchar(256), primary key (realm,ip_range));
`;

/** Opens the file, made with write-ahead logging: then a writer never leaves coturn with empty lists. */
export function openDatabase(file: string, realm: string): Database {
  const database = new DatabaseSync(file, { timeout: busyMs });
  database.exec(`PRAGMA journal_mode = WAL; ${tables}`);
  const column = (sql: string): string[] =>
    database
      .prepare(sql)
      .all(realm)
      .map((row) => String(row['one']));
  const run = (sql: string, values: readonly string[]): void => {
    const statement = database.prepare(sql);
    for (const value of values) statement.run(realm, value);
  };
  return {
    read: () => ({
      // A secret only counts with this very realm, a peer also with an empty one, which we never write.
      secrets: column('SELECT value AS one FROM turn_secret WHERE realm = ? ORDER BY rowid'),
      peers: column('SELECT ip_range AS one FROM allowed_peer_ip WHERE realm = ? ORDER BY rowid'),
    }),
    write: ({ add, remove }) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        run('INSERT OR IGNORE INTO turn_secret (realm, value) VALUES (?, ?)', add.secrets);
        run('INSERT OR IGNORE INTO allowed_peer_ip (realm, ip_range) VALUES (?, ?)', add.peers);
        run('DELETE FROM turn_secret WHERE realm = ? AND value = ?', remove.secrets);
        run('DELETE FROM allowed_peer_ip WHERE realm = ? AND ip_range = ?', remove.peers);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}
