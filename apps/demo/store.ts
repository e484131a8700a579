import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { MemberRole, Signal } from '@gatebook/protocol';
import { v7 as uuidV7 } from 'uuid';
import { SCHEMA } from './schema.ts';
import { membersFrom, SEED } from './seed.ts';

/** A change to tell Gatebook of; its id is given when it is stored. */
export type Told = Signal extends infer One ? (One extends Signal ? Omit<One, 'id'> : never) : never;

export interface StoreOptions {
  /** `:memory:` keeps it nowhere. */
  readonly dataDirectory: string;
  readonly people: string;
  /** Issuer of the members' sign-in, by which Gatebook knows them. */
  readonly membersIssuer: string;
}

/** Fernway's data: one SQLite file, filled the first time. */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #membersIssuer: string;
  /** Called when there is something new to tell. */
  onTold: () => void = () => undefined;

  constructor({ dataDirectory, people, membersIssuer }: StoreOptions) {
    this.#membersIssuer = membersIssuer;
    if (dataDirectory !== ':memory:') mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    const file = dataDirectory === ':memory:' ? dataDirectory : join(dataDirectory, 'fernway.sqlite');
    this.#db = new DatabaseSync(file, { timeout: 2000 });
    this.#db.exec('pragma journal_mode = wal');
    this.#db.exec(SCHEMA);
    if (this.meta('seeded') === undefined) this.change(() => this.#seed(people));
  }

  all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  one<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  /** How many rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /** All of it, with what it tells Gatebook, or nothing. */
  change<T>(work: () => T): T {
    this.#db.exec('begin immediate');
    try {
      const result = work();
      this.#db.exec('commit');
      this.onTold();
      return result;
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  /** Puts a signal into the outbox: with the change that it tells of, in one transaction. */
  tell(signal: Told): void {
    this.run('insert into outbox (id, signal) values (?, ?)', uuidV7(), JSON.stringify(signal));
  }

  tellOfMember(member: { sub: string; workspace: string; name: string; email: string; role: MemberRole | null }): void {
    const { sub, ...person } = member;
    this.tell({ type: 'member.role-changed', member: sub, issuer: this.#membersIssuer, subject: sub, ...person });
  }

  meta(name: string): string | undefined {
    return this.one<{ value: string }>('select value from meta where name = ?', name)?.value;
  }

  /** A secret of this installation, made when it is first needed. */
  secret(name: string): string {
    this.run('insert or ignore into meta (name, value) values (?, ?)', name, randomBytes(32).toString('base64url'));
    return this.meta(name) ?? '';
  }

  close(): void {
    this.#db.close();
  }

  #seed(people: string): void {
    const insert = (table: string, row: Readonly<Record<string, string | number>>) => {
      const columns = Object.keys(row);
      const places = columns.map(() => '?').join(', ');
      this.run(`insert into ${table} (${columns.join(', ')}) values (${places})`, ...Object.values(row));
    };
    for (const [table, rows] of SEED) for (const row of rows) insert(table, row);
    for (const member of membersFrom(people)) insert('members', member);

    for (const { id, name } of this.all<{ id: string; name: string }>('select id, name from workspaces order by id')) {
      this.tell({ type: 'workspace.registered', workspace: id, name });
    }
    type Member = Parameters<Store['tellOfMember']>[0];
    for (const member of this.all<Member>('select sub, workspace, name, email, role from members order by rowid')) {
      this.tellOfMember(member);
    }
    type Case = { ref: string; workspace: string; title: string };
    for (const { ref, workspace, title } of this.all<Case>('select ref, workspace, title from cases order by ref')) {
      this.tell({ type: 'case.opened', workspace, case: ref, title });
    }
    this.run("insert into meta (name, value) values ('seeded', '1')");
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}
