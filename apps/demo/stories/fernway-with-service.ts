import { readConfig, type Config } from '#server/config/config';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { InProcess } from '#server/testing/in-process';
import { until } from '#server/testing/until';
import { createDemo, type Demo } from '../app.ts';
import { Person } from '../testing/person.ts';
import { gatebook, type Said } from './command.ts';

/** Service and demo product in this process, on ports, with the built-in sign-in; the command is a process of its own. */
export class FernwayWithService {
  readonly service: InProcess;
  readonly demoUrl: string;
  readonly #demo: Demo;

  private constructor(service: InProcess, demoUrl: string, demo: Demo) {
    this.service = service;
    this.demoUrl = demoUrl;
    this.#demo = demo;
  }

  /** @param config what of the service's configuration is another one than that of these stories. */
  static async start(config: Partial<Config> = {}): Promise<FernwayWithService> {
    const port = await freePort();
    const demoUrl = `http://localhost:${port}`;
    const { signIn, product } = readConfig({ GATEBOOK_PRODUCT_URL: demoUrl });
    const service = await InProcess.start({ told: false, config: { signIn, product, ...config } });
    const gatebook = { url: service.url, productId: 'fernway', productKey: service.productKey };
    const people = 'apps/demo/people.json';
    const demo = createDemo({ host: '127.0.0.1', port, url: demoUrl, dataDirectory: ':memory:', people, gatebook });
    service.now = Date.now();
    await new Promise<void>((done) => demo.server.listen(port, '127.0.0.1', done));
    const started = new FernwayWithService(service, demoUrl, demo);
    await started.#hasTold();
    return started;
  }

  /** Fernway has told of its workspaces once the last of its cases stands in a book. */
  async #hasTold(): Promise<void> {
    const stream = `workspace-${this.service.workspaceId('bluebird')}`;
    await until(async () => (await this.service.facts(stream)).some(({ type }) => type === 'CaseOpened'));
  }

  newPerson(): Person {
    return new Person(this.demoUrl);
  }

  /** `gatebook ...`, as a person types it, with what they answer when they are asked. */
  gatebook(args: readonly string[], answer = ''): Promise<Said> {
    // The sign-in goes by the system's clock.
    this.service.now = Date.now();
    return gatebook(this.service.url, this.service.directory, args, answer);
  }

  async close(): Promise<void> {
    await this.#demo.close();
    await this.service.close();
  }
}
