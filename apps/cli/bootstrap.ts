import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { bootstrapEventStore } from '#event-log/eventstoredb/bootstrap';
import { LogUnavailable } from '#event-log/port';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

export interface BootstrapOptions {
  readonly adminUrl?: string;
  readonly user?: string;
  readonly json: boolean;
}

const ADMIN_PASSWORD = 'GATEBOOK_ADMIN_PASSWORD';
const SERVICE_PASSWORD = 'GATEBOOK_LOG_PASSWORD';

const USER = /^(esdb(?:\+discover)?:\/\/)([^:@/?]+)@/;

/** Gives the service its user in an EventStoreDB. Passwords come from the environment, or are asked for. */
export async function bootstrapLog(
  { adminUrl, user, json }: BootstrapOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  if (adminUrl === undefined || user === undefined) {
    throw new CommandFailed(EXIT.usage, '--bootstrap takes --admin-url esdb://admin@host:2113 and --user <name>.');
  }
  ensureNoPassword('--admin-url', adminUrl, ADMIN_PASSWORD);
  const [, , admin] = USER.exec(adminUrl) ?? [];
  if (admin === undefined) throw new CommandFailed(EXIT.usage, '--admin-url names no user: esdb://admin@host:2113.');
  const adminPassword = await secret(ADMIN_PASSWORD, `Password of ${admin}`, environment);
  const password = await secret(SERVICE_PASSWORD, `Password for ${user}, at least 12 characters`, environment);
  const adminConnectionString = adminUrl.replace(USER, (_, scheme: string, name: string) => {
    return `${scheme}${name}:${encodeURIComponent(adminPassword)}@`;
  });
  try {
    const done = await bootstrapEventStore({ adminConnectionString, user: { name: user, password } });
    if (json) sayJson({ done });
    else for (const step of done) say(step);
  } catch (error) {
    if (error instanceof LogUnavailable) throw new CommandFailed(EXIT.failed, error.message);
    if (error instanceof RangeError) throw new CommandFailed(EXIT.usage, error.message);
    throw error;
  }
}

/** An argument is on every list of processes. */
export function ensureNoPassword(option: string, connectionString: string, instead: string): void {
  if (/:\/\/[^/@?]*:[^@]*@/.test(connectionString)) {
    throw new CommandFailed(
      EXIT.usage,
      `${option} holds a password, which others can read there: set ${instead} instead.`,
    );
  }
}

async function secret(
  variable: string,
  question: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const given = environment[variable];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY) throw new CommandFailed(EXIT.usage, `${variable} is not set.`);
  process.stderr.write(`${question}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    process.stderr.write('\n');
  }
}
