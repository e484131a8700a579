import { CompiledQuery, Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { Pool, types, type PoolConfig } from 'pg';
import { TablesAway } from './tables.ts';

export interface ConnectionsOptions {
  readonly url: string;
  readonly size: number;
  /** Hears of connections that broke while nobody used them. */
  readonly onError: (error: unknown) => void;
  /** How long an answer may take, milliseconds. Default: no limit. */
  readonly answerMs?: number;
  /** How long a connection may take to come, milliseconds, also one that others use. Default: 3,000. */
  readonly connectMs?: number | undefined;
  /** How long a transaction may stand still before the server ends it, milliseconds. Default: 2,000. */
  readonly idleMs?: number | undefined;
  /** How long a connection may be silent before the server ends it, milliseconds; a lock of its own ends with it. Default: for ever. */
  readonly silentMs?: number;
}

const CONNECT_MS = 3000;
/** An instance that stopped in the middle of a transaction holds the checkpoint's row no longer than this. */
const IDLE_IN_TRANSACTION_MS = 2000;

const INT8 = 20;

/** Connections to PostgreSQL as Kysely sees them. int8 is read as a number: instants and revisions are safe integers. */
export function connect<Schema>({
  url,
  size,
  onError,
  answerMs,
  connectMs = CONNECT_MS,
  idleMs = IDLE_IN_TRANSACTION_MS,
  silentMs = 0,
}: ConnectionsOptions): Kysely<Schema> {
  const config: PoolConfig = {
    connectionString: url,
    max: size,
    application_name: 'gatebook',
    connectionTimeoutMillis: connectMs,
    idle_in_transaction_session_timeout: idleMs,
    keepAlive: true,
    pipeline: true,
    // Not flushed at each commit: a power cut takes rows and checkpoint back together, and the log has them.
    options: `-c synchronous_commit=off -c idle_session_timeout=${silentMs}`,
    ...(answerMs !== undefined && { query_timeout: answerMs }),
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  };
  const pool = new Pool(config);
  pool.on('error', onError);
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: asKyselyWants(pool) }) });
}

const TOGETHER = '-- together';

/** Several statements in one round trip, in order, their results dropped. Of use in a transaction: after an error none counts. */
export function together(statements: readonly CompiledQuery[]): CompiledQuery {
  return CompiledQuery.raw(TOGETHER, [...statements]);
}

/** What Kysely's dialect asks of a pool, with errors told apart and texts as PostgreSQL can hold them. */
function asKyselyWants(pool: Pool): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw isAway(error) ? new TablesAway(error) : error;
      });
      let broken: Error | undefined;
      // While it is lent its errors are no longer the pool's.
      const onBroken = (error: Error) => (broken = error);
      client.on('error', onBroken);
      const lent = {
        async query(sql: string, parameters: readonly unknown[]) {
          try {
            if (sql !== TOGETHER) return await client.query(sql, parameters.map(storable));
            const all = (parameters as readonly CompiledQuery[]).map((one) =>
              client.query(one.sql, one.parameters.map(storable)),
            );
            await Promise.all(all);
            return { command: 'TOGETHER', rowCount: 0, rows: [] };
          } catch (error) {
            if (!isAway(error)) throw error;
            broken ??= error as Error;
            throw new TablesAway(error);
          }
        },
        release(discard?: boolean) {
          client.off('error', onBroken);
          client.release(broken ?? discard);
        },
      };
      return lent as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  } as PostgresPool;
}

/** PostgreSQL's texts have no NUL: a name or a question that has one is stored, and asked for, with the sign for "unreadable". */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

/** SQLSTATE of an error that the server told of; `undefined` where it was the connection that failed. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

// 08 connection, 25 a copy that can only be read, 3D no such database, 53 no room, 57 shut down or cancelled.
const AWAY = /^(08|53|57|25006|3D)/;

/** The server is away, starting, stopping, overrun, or silent: asking again later may help. */
function isAway(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || AWAY.test(state);
}
