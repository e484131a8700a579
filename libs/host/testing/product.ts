import express, { type Express, type Request } from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gatebookWith, type Gatebook, type Patience } from '../express/middleware.ts';
import type { Asked, AskedInstead, GatebookOptions } from '../express/options.ts';
import type { FakeService } from './fake-service.ts';
import { PATIENT } from './patience.ts';

/** A small product behind the gate, on a clock that only moves when it is told to. */
export class Product {
  readonly app: Express = express();
  readonly gate: Gatebook;
  readonly faults: string[] = [];
  /** Addresses for which a handler of the product ran. */
  readonly served: string[] = [];
  monotonicMs = 5000;
  nowMs = Date.parse('2026-11-21T10:00:30Z');
  /** E-mail of who is signed in as staff. */
  signedIn: string | undefined = 'Sam@fernway.example';
  readonly server: Server;

  /** By default it waits for whatever the service answers at all. */
  static async start(
    service: Pick<FakeService, 'url'>,
    options: Partial<GatebookOptions> = {},
    patience: Patience = PATIENT,
  ): Promise<Product> {
    const product = new Product(service, options, patience);
    await once(product.server, 'listening');
    return product;
  }

  private constructor(service: Pick<FakeService, 'url'>, options: Partial<GatebookOptions>, patience: Patience) {
    this.gate = gatebookWith(
      {
        service: service.url,
        productId: 'fernway',
        productKey: 'the-product-key',
        home: '/staff',
        pages,
        hasWorkspace: (ref) => ref === 'acme',
        staffSignIn: { url: '/sign-in/staff', actorToken: () => this.idToken() },
        ask: (wish) => `/ask?${wish.workspaceId} ${wish.caseRef} ${nameOf(wish)}`,
        onFault: (sentence) => this.faults.push(sentence),
        ...options,
      },
      { monotonic: () => this.monotonicMs, now: () => this.nowMs },
      patience,
    );
    this.app.use(this.gate);
    this.app.use((req, _res, next) => {
      this.served.push(req.originalUrl);
      next();
    });
    this.server = this.app.listen(0, '127.0.0.1');
  }

  idToken(): string | undefined {
    if (this.signedIn === undefined) return undefined;
    const exp = Date.parse('2026-11-21T11:00:00Z') / 1000;
    return `e30.${Buffer.from(JSON.stringify({ sub: 'sam', email: this.signedIn, exp })).toString('base64url')}.c2ln`;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.gate.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** A request in a visit, as a person's browser sends it. */
  open(path: string, token: string | undefined, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(token !== undefined && { cookie: `other=1; __Host-gatebook-visit=${token}` }),
        'sec-fetch-user': '?1',
        'sec-fetch-site': 'same-origin',
        'sec-fetch-dest': 'document',
        ...init.headers,
      },
    });
  }

  post(path: string, token: string | undefined, form: Record<string, string>, headers = {}): Promise<Response> {
    return this.open(path, token, { method: 'POST', body: new URLSearchParams(form), headers });
  }
}

function nameOf(wish: AskedInstead): string {
  if ('field' in wish) return [wish.field, wish.record].filter(Boolean).join(' ');
  return 'page' in wish ? wish.page : wish.action;
}

function pages(req: Request): Asked | undefined {
  if (req.path === '/style.css') return 'public';
  if (req.path.startsWith('/parts/')) return 'part';
  if (req.path === '/export.csv') return { action: 'customers.export' };
  const customer = /^\/customers\/(\w+)$/.exec(req.path)?.[1];
  if (customer !== undefined) return { page: 'customer', record: customer, title: `Customer ${customer}` };
  if (req.path === '/w/bluebird') return { page: 'billing', workspace: 'bluebird' };
  if (/^\/(?:billing|slow|stream|file|plain|data)$/.test(req.path)) return { page: req.path.slice(1) };
  return undefined;
}
