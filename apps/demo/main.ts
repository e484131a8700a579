import { createDemo } from './app.ts';
import { configFrom, type DemoConfig } from './config.ts';

let config: DemoConfig;
try {
  config = configFrom(process.env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

const demo = createDemo(config);
demo.server.on('error', (error) => {
  console.error(`Fernway can't listen on port ${config.port}: ${error.message}`);
  process.exit(1);
});
demo.server.listen(config.port, config.host, () => process.send?.('ready'));

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void demo.close().then(() => process.exit(0));
  });
}
