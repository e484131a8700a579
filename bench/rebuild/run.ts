/** One measurement in a process of its own, so that memory is its own too: `run.ts WHAT LOG [WHERE]`; one JSON line. */
import { openPostgresTables, openTables, rebuild, type Tables } from '#projections/index';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { envelope } from './story.ts';

export interface Run {
  readonly facts: number;
  readonly seconds: number;
  /** Processor time of all of the process's threads. */
  readonly processorSeconds: number;
  /** Most resident memory at any time. */
  readonly peakMiB: number;
}

/** What there is to do: scan and parse, or a rebuild of tables in a directory, or of those at a URL. */
export type What = 'scan' | 'sqlite' | 'postgres';

const [what, directory, where] = process.argv.slice(2) as [What, string, string];
const log = openSqliteLogReader({ directory });

const began = performance.now();
const spentBefore = process.cpuUsage();
const facts = what === 'scan' ? await scanned() : await rebuilt();
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(spentBefore);
const run: Run = {
  facts,
  seconds,
  processorSeconds: (user + system) / 1e6,
  peakMiB: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(run)}\n`);
await log.close();

async function scanned(): Promise<number> {
  let facts = 0;
  for await (const fact of log.readAll()) {
    JSON.parse(fact.data);
    JSON.parse(fact.metadata);
    facts++;
  }
  return facts;
}

async function rebuilt(): Promise<number> {
  const tables: Tables =
    what === 'sqlite'
      ? await openTables({ directory: where })
      : await openPostgresTables({
          url: where,
          onError: (error) => {
            throw error;
          },
        });
  const { facts } = await rebuild({ log, envelope, tables });
  await tables.close();
  return facts;
}
