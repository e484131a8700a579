import 'reflect-metadata';
import { pino } from 'pino';
import { LogLocked } from '#event-log/port';
import { ConfigInvalid, readConfig } from './config/config.ts';
import { startService } from './service.ts';
import { outliveStrayRejections } from './stray-rejections.ts';
import { LogWasPutBack } from './stores.ts';

/** How long open requests may take to finish when the service is asked to stop. */
const STOP_MS = 10_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel, base: { service: 'gatebook' } });
  outliveStrayRejections(logger);
  const service = await startService({
    config,
    logger,
    onFatal(error) {
      logger.fatal(
        { err: error },
        'A flush failed: nobody knows what is on the disk, so the process ends and reads anew.',
      );
      // At once and without any tidying up, which could write to the file again.
      process.kill(process.pid, 'SIGKILL');
    },
  });
  logger.info({ url: service.url, publicUrl: config.publicUrl, pid: process.pid }, 'Gatebook is ready');
  process.send?.('ready');

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    let waitingFor = '';
    setTimeout(() => {
      logger.error({ waitingFor }, 'Stopping took too long.');
      process.exit(1);
    }, STOP_MS).unref();
    service
      .close((part) => (waitingFor = part))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigInvalid) {
    console.error(`Gatebook does not start:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}`);
    process.exit(78); // EX_CONFIG
  }
  if (error instanceof LogWasPutBack) {
    console.error(`Gatebook does not start: ${error.message}`);
    process.exit(65); // EX_DATAERR
  }
  if (error instanceof LogLocked) {
    console.error(`Gatebook does not start: ${error.message}`);
    process.exit(75); // EX_TEMPFAIL
  }
  console.error(error);
  process.exit(1);
});
