/** The built service as `dist/apps/server/main.js` starts it, but that a person may have as many sockets as the bench needs. */
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';

const built = (file: string): Promise<unknown> => import(pathToFileURL(`dist/apps/server/${file}`).href);
await import('reflect-metadata');
const { readConfig } = (await built('config/config.js')) as typeof import('#server/config/config');
const { startService } = (await built('service.js')) as typeof import('#server/service');
const config = readConfig(process.env);
const service = await startService({
  config,
  logger: pino({ level: config.logLevel }),
  socketsPerPerson: Number(process.argv[2]),
  onFatal(error) {
    console.error(error);
    process.exit(1);
  },
});
process.send?.('ready');
process.once('SIGTERM', () => void service.close().then(() => process.exit(0)));
// Gone with the bench, whatever became of it.
process.once('disconnect', () => process.exit(1));
