import { DatabaseSync } from 'node:sqlite';
import { migrations } from '../../../src/server/store/sqlite/migrations.ts';

/** Makes a store as a version wrote it, with what it can hold of another store. */
export function copyInto(path: string, version: number, source: string): void {
  const older = new DatabaseSync(path);
  for (const step of migrations.slice(0, version)) older.exec(step);
  older.exec(`PRAGMA foreign_keys = OFF; PRAGMA user_version = ${version}`);
  older.prepare('ATTACH ? AS source').run(source);
  const mark = older.prepare('PRAGMA source.application_id').get()?.['application_id'];
  older.exec(`PRAGMA application_id = ${mark}; CREATE TABLE backup_media AS SELECT * FROM source.backup_media`);
  const tables = older.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'").all();
  for (const { name } of tables) {
    const columns = older
      .prepare(
        `SELECT group_concat(name) AS names FROM pragma_table_info('${name}')
         WHERE name IN (SELECT name FROM pragma_table_info('${name}', 'source'))`,
      )
      .get()?.['names'];
    older.exec(`INSERT OR REPLACE INTO main.${name} (${columns}) SELECT ${columns} FROM source.${name}`);
  }
  older.close();
}
