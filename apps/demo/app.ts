import { createServer, type Server } from 'node:http';
import { gatebook, type AskedInstead, type Gatebook, type GatebookOptions } from '@gatebook/host/express';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { DemoConfig } from './config.ts';
import { alone, inFrame, page, type Answer, type Context } from './layout.ts';
import { fieldsBehind } from './masking.ts';
import { Outbox } from './outbox.ts';
import { portal } from './pages-customers.ts';
import { landing, sentence, staffHome } from './pages-staff.ts';
import { askedFor, asksWithForm, roleMay, routeOf } from './routes.ts';
import { HOMES, SignIn, SignInFailed, type Realm } from './sign-in.ts';
import { Store } from './store.ts';
import { STYLE } from './style.ts';

export interface Demo {
  /** Not listening yet. */
  readonly server: Server;
  /** Lets go of connections, the outbox and the data. */
  close(): Promise<void>;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5038b0"/><path d="M11 25V8h11M11 16h8" stroke="#fff" stroke-width="3.5" fill="none"/></svg>`;

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Fernway, ready to listen: `onFault` is told, in a sentence, of what went wrong without anybody being told. */
export function createDemo(
  config: DemoConfig,
  onFault: (sentence: string) => void = console.error,
  gateWith: (options: GatebookOptions) => Gatebook = gatebook,
): Demo {
  const { url: service, productId, productKey } = config.gatebook;
  const issuers = { members: `${service}/oidc/members`, staff: `${service}/oidc/staff` };
  const store = new Store({
    dataDirectory: config.dataDirectory,
    people: config.people,
    membersIssuer: issuers.members,
  });
  const outbox = new Outbox({ store, service, productKey, onFault });
  const signIn = new SignIn({ store, url: config.url, issuers, clientId: productId });
  const gate = gateWith({
    service,
    productId,
    productKey,
    pages: (req) => askedFor(req.method, req.path, store, formOf(req.body)),
    staffSignIn: { url: '/sign-in/staff', actorToken: (req) => signIn.person('staff', req)?.idToken },
    hasWorkspace: (ref) => store.one('select 1 from workspaces where id = ?', ref) !== undefined,
    start: '/',
    home: '/staff',
    record: (session) => `${service}/staff/visit/${session}`,
    ask: (wish) => `${service}/staff/ask?${askedOf(wish).toString()}`,
    onFault: (what) => onFault(`Kept closed: ${what}`),
  });

  const app = express();
  app.disable('x-powered-by').enable('case sensitive routing').enable('strict routing');
  app.set('etag', false);
  app.use((_req, res, next) => {
    res.set(HEADERS);
    next();
  });
  const readForm = express.urlencoded({ extended: false, limit: '16kb' });
  app.use((req, res, next) => (asksWithForm(req.method, req.path) ? readForm(req, res, next) : next()));
  app.use(gate);
  publicPages(app, { store, signIn, service });
  app.use(readForm);
  app.use((req, res) => {
    const context = contextFor(req, store, signIn);
    if (context === undefined) {
      const isHome = req.method === 'GET' && req.path === '/';
      if (isHome && signIn.person('staff', req)) {
        res.redirect(303, '/staff');
        return;
      }
      const next = req.method === 'GET' ? req.originalUrl : '/';
      res.status(isHome ? 200 : 401).send(alone('Sign in', landing(next)));
      return;
    }
    send(res, answerTo(req, context), context);
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const status = (error as { status?: number } | null)?.status;
    const known = status !== undefined && status >= 400 && status < 500;
    if (!known) onFault(error instanceof Error ? error.message : String(error));
    if (res.headersSent) return res.destroy();
    const text = known ? 'Fernway could not read that.' : 'Something went wrong here. Nothing was changed.';
    res.status(known ? status : 500).send(alone('That did not work', sentence('That did not work', text)));
    return undefined;
  });

  const server = createServer(app);
  // Once people can sign in, what they belong to is on its way.
  server.once('listening', () => outbox.start());
  return {
    server,
    async close() {
      outbox.close();
      gate.close();
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), 2000);
      await closed;
      clearTimeout(patience);
      store.close();
    },
  };
}

/** A member's own workspace; on a visit the one that the gate names, whoever else is signed in here. */
function contextFor(req: Request, store: Store, signIn: SignIn): Context | undefined {
  const rest = {
    store,
    path: req.path,
    params: {},
    query: new URL(req.originalUrl, 'http://fernway.invalid').searchParams,
    form: formOf(req.body),
  };
  const visit = req.gatebook;
  if (visit) {
    const workspace = { id: visit.workspaceRef, name: visit.workspaceName };
    const reader = { name: visit.staff.name, role: undefined, onVisit: true };
    // The gate has asked already: what it let through may be done.
    const changed: Context['changed'] = (change) => visit.action?.changed(change);
    return {
      ...rest,
      workspace,
      reader,
      fields: fieldsBehind(visit.masks, {
        path: req.path,
        revealed: visit.revealed,
        may: visit.mayReveal,
        askFor: visit.askFor,
      }),
      may: () => true,
      shows: (rows) => void visit.rows?.(rows),
      changed,
      allowed: visit.allows,
      mayReveal: visit.mayReveal,
    };
  }
  const person = signIn.person('members', req);
  const member =
    person &&
    store.one<{ name: string; role: NonNullable<Context['reader']['role']>; id: string; workspace: string }>(
      `select m.name, m.role, w.id, w.name as workspace from members m join workspaces w on w.id = m.workspace
       where m.sub = ?`,
      person.sub,
    );
  if (!member) return undefined;
  const { name, role, id, workspace } = member;
  return {
    ...rest,
    workspace: { id, name: workspace },
    reader: { name, role, onVisit: false },
    fields: fieldsBehind({}),
    may: (action) => roleMay(role, action),
    shows: () => undefined,
    changed: () => undefined,
  };
}

function answerTo(req: Request, context: Context): Answer {
  const matched = routeOf(req.method, req.path);
  if (!matched) return page('Not here', sentence('Not here', 'Fernway has no such page.'), 404);
  const { route, params } = matched;
  if (typeof route.asks === 'object' && 'action' in route.asks) {
    if (route.method === 'POST' && !isOwnPost(req)) {
      return page(
        'Not from here',
        sentence('Not from here', 'This was sent from another site. Nothing was changed.'),
        403,
      );
    }
    if (!context.may(route.asks.action)) {
      return page('Not for your role', sentence('Not for your role', 'Ask an admin or the owner to do this.'), 403);
    }
  }
  return route.serve({ ...context, params });
}

function send(res: Response, answer: Answer, context: Context): void {
  switch (answer.kind) {
    case 'page':
      res.status(answer.status ?? 200).send(inFrame(answer.title, answer.body, context));
      return;
    case 'go':
      res.redirect(303, answer.to);
      return;
    case 'picture':
      res.type('image/svg+xml').send(answer.svg.text);
      return;
    case 'file':
      res.attachment(answer.name).set('content-type', answer.type).send(answer.text);
  }
}

interface PublicParts {
  readonly store: Store;
  readonly signIn: SignIn;
  readonly service: string;
}

function publicPages(app: Express, { store, signIn, service }: PublicParts): void {
  app.get('/fernway.css', (_req, res) => void res.type('css').set('cache-control', 'no-cache').send(STYLE));
  app.get('/fernway.svg', (_req, res) => void res.type('image/svg+xml').set('cache-control', 'no-cache').send(ICON));

  for (const realm of ['members', 'staff'] as const satisfies readonly Realm[]) {
    const again = { to: `/sign-in/${realm}`, label: 'Sign in again' };
    app.get(`/sign-in/${realm}`, async (req, res) => {
      const { next } = req.query;
      try {
        await signIn.begin(realm, typeof next === 'string' ? next : undefined, res);
      } catch {
        const text = 'The sign-in can’t be reached at the moment.';
        res.status(503).send(alone('Sign in', sentence('Signing in did not work', text, again)));
      }
    });
    app.get(`/sign-in/${realm}/callback`, async (req, res) => {
      try {
        await signIn.finish(realm, req, res);
      } catch (error) {
        if (!(error instanceof SignInFailed)) throw error;
        res.status(400).send(alone('Sign in', sentence('Signing in did not work', error.message, again)));
      }
    });
    app.post(realm === 'staff' ? '/staff/sign-out' : '/sign-out', (req, res) => {
      if (isOwnPost(req)) signIn.signOut(realm, req, res);
      res.redirect(303, realm === 'staff' ? '/' : HOMES.members);
    });
  }

  app.get('/staff', (req, res) => {
    const person = signIn.person('staff', req);
    if (!person) return res.redirect(303, '/sign-in/staff');
    return res.send(alone('Support', staffHome(store, person, service)));
  });
  app.post('/staff/cases/:ref/close', (req, res) => {
    if (!signIn.person('staff', req) || !isOwnPost(req)) return res.redirect(303, '/staff');
    store.change(() => {
      const found = store.one<{ workspace: string }>(
        "update cases set state = 'closed' where ref = ? and state = 'open' returning workspace",
        req.params.ref,
      );
      if (found) store.tell({ type: 'case.closed', workspace: found.workspace, case: req.params.ref });
    });
    return res.redirect(303, '/staff');
  });
  app.get('/c/:token', (req, res) => {
    const shown = portal(store, req.params.token);
    if (shown) return res.send(alone(shown.title, shown.body));
    return res.status(404).send(alone('Not here', sentence('Not here', 'This address opens nothing.')));
  });
}

/** Whether a page of this very site posted it, as far as the browser says; one that says nothing is no browser. */
function isOwnPost({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === headers.host);
}

/** What the form at Gatebook is filled with. */
function askedOf(wish: AskedInstead): URLSearchParams {
  const { workspaceId, caseRef } = wish;
  const where = { workspace: workspaceId, ...(caseRef !== null && { case: caseRef }) };
  if ('page' in wish) return new URLSearchParams({ ...where, page: wish.page });
  if ('field' in wish) {
    const { field, record } = wish;
    return new URLSearchParams({ ...where, field, ...(record !== undefined && { record }) });
  }
  const { action, target, arguments: given } = wish;
  return new URLSearchParams({
    ...where,
    action,
    ...(target && { target }),
    ...(given && { args: JSON.stringify(given) }),
  });
}

function formOf(body: unknown): Readonly<Record<string, string>> {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}
