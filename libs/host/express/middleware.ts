import {
  DECISION_VALID_MS,
  type Denied,
  type EvaluationAnswer,
  type EvaluationRequest,
  type OutcomeReport,
  type Permitted,
} from '@gatebook/protocol';
import type { NextFunction, Request, Response } from 'express';
import { guardAnswer } from './answer.ts';
import { clickOf, sendNoClick, type ReportedClick } from './clicks.ts';
import { Endings } from './endings.ts';
import { GateClient, VisitUnknown } from './gate-client.ts';
import type { Asked, FieldChange, GatebookOptions } from './options.ts';
import { ownPages, signInAddress } from './own-pages.ts';
import {
  documentOf,
  endedPage,
  filePage,
  foreignPostPage,
  latePage,
  mixedUpPage,
  refusedPage,
  signInFirstPage,
  unavailablePage,
  type Page,
} from './pages.ts';
import { questionFor, whoseIs } from './question.ts';
import {
  isDocument,
  isOwn,
  noVisitCookie,
  pathOf,
  sameEmail,
  statedBy,
  uuidV7,
  visitCookie,
  visitStatedBy,
  visitTokenOf,
} from './requests.ts';
import { revealOf, revealQuestion } from './reveals.ts';
import { Rows, rowsQuestion } from './rows.ts';
import { PREFIX, strip } from './strip.ts';
import { Visits, VisitOver, type Clocks, type Held, type Visit } from './visits.ts';
import { askingFor, wishOf } from './wishes.ts';

export interface Gatebook {
  (req: Request, res: Response, next: NextFunction): void;
  /** Stops listening for ends, and lets its connections go. */
  close(): void;
}

/** How long the service is waited for, milliseconds. */
export interface Patience {
  /** One call. */
  readonly callMs: number;
  /** The stream of endings, which says twice a second that it is there. */
  readonly silentMs?: number;
}

export const PATIENCE: Patience = { callMs: 2000 };
const SWEEP_MS = 1000;

/** What the gate's parts share. */
export interface Gate {
  readonly options: GatebookOptions;
  readonly start: string;
  readonly client: GateClient;
  readonly visits: Visits;
  readonly clocks: Clocks;
  /** Begins to hear of ends; nothing the second time. */
  readonly listen: () => void;
  readonly send: (req: Request, res: Response, page: Page, visit?: Visit) => void;
  readonly fault: (error: unknown) => void;
}

const ALWAYS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Parts of a page say which page they belong to, and no other site hears of it.
  'referrer-policy': 'same-origin',
} as const;
const NO_LONGER_OPEN = 'Support access is no longer open here.';
const OWN_CSP = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";

export function gatebookWith(options: GatebookOptions, clocks: Clocks, { callMs, silentMs } = PATIENCE): Gatebook {
  const { service, productKey, home, start = '/' } = options;
  const recordOf = ({ who }: Visit) => options.record?.(who.sid);
  const client = new GateClient({ service, productKey, timeoutMs: callMs });
  const visits = new Visits(client, clocks);
  const endings = new Endings({
    service,
    productKey,
    monotonic: clocks.monotonic,
    onEnding: ({ session, sentence }) => visits.session(session)?.end(sentence),
    ...(silentMs !== undefined && { silentMs }),
  });
  // Ends that nobody told of: the planned one, the idle one; and, without the stream, whichever there may have been.
  const sweep = setInterval(() => {
    for (const visit of visits.all()) {
      const { endsAt, idleEndsAt } = visit.banner;
      if (endings.deaf || Math.min(Date.parse(endsAt), Date.parse(idleEndsAt)) <= clocks.now()) visit.cut();
    }
  }, SWEEP_MS).unref();

  const gate: Gate = {
    options,
    start,
    client,
    visits,
    clocks,
    listen: () => endings.start(),
    send(req, res, page, visit) {
      for (const [name, value] of Object.entries({ ...ALWAYS, 'content-security-policy': OWN_CSP })) {
        res.setHeader(name, value);
      }
      if (page.leaves) res.appendHeader('set-cookie', noVisitCookie);
      const shown = page.leaves || !visit || visit.ended !== undefined ? undefined : stripOf(req, visit);
      res.statusCode = page.status;
      res.setHeader('content-type', 'text/html; charset=utf-8');
      res.end(documentOf(page, shown));
    },
    fault: (error) => options.onFault?.(error instanceof Error ? error.message : String(error), error),
  };

  const stripOf = (req: Request, { banner }: Visit) =>
    strip(banner, { now: clocks.now(), back: req.method === 'GET' ? req.originalUrl : start });

  async function handle(req: Request, res: Response, next: NextFunction): Promise<void> {
    const pathname = pathOf(req);
    const reports = pathname === `${PREFIX}/click` && req.method === 'POST' && isOwn(req);
    if (!reports && (pathname === PREFIX || pathname.startsWith(`${PREFIX}/`))) {
      return ownPages(gate, req, res, pathname.slice(PREFIX.length + 1));
    }
    const token = visitTokenOf(req);
    const click = reports ? await clickOf(req) : undefined;
    if (reports && (token === undefined || !click)) return sendNoClick(res);
    if (token === undefined) return next();
    gate.listen();

    const asked = click ?? (await options.pages(req));
    if (asked === 'public') return serve(req, res, next, { held: visits.known(token), asked });

    let held: Held;
    try {
      held = await visits.of(token);
    } catch (error) {
      if (!(error instanceof VisitOver)) throw error;
      // Nobody of this process knows the visit any more; the attempt is a line in the book all the same.
      const stated = visitStatedBy(token);
      if (stated) await client.ask(token, questionFor(req, asked, stated, uuidV7(clocks.now()))).catch(gate.fault);
      return gate.send(req, res, endedPage(undefined, error.sentence ?? NO_LONGER_OPEN, home));
    }

    const stranger = strangerAt(req, held.visit);
    if (stranger === 'nobody')
      return gate.send(req, res, signInFirstPage(held.visit.who.staffName, signInAddress(options, start)));
    if (stranger !== undefined) {
      visits.over(token, stranger);
      await client.revoke(token).catch(gate.fault);
      return gate.send(req, res, mixedUpPage(stranger, home));
    }

    // The page was opened elsewhere, or long ago: it is opened again.
    if (click && held.visit.viewAt(click.of) === undefined) return sendNoClick(res);

    const reveals = revealOf(asked);
    if (reveals && !isOwn(req)) return gate.send(req, res, foreignPostPage(), held.visit);
    const question = questionFor(req, asked, whoseIs(held.visit), uuidV7(clocks.now()));
    const said = await allowed(req, res, held, question);
    if (!said) return undefined;

    const { permitted, askedAt } = said;
    let { cookie } = said;
    const { visit } = (held = said.held);
    const { masks, view, action, validForMs, clicks } = permitted.context;
    if (reveals) {
      // The page's own yes is the older one: its second counts for both.
      const shown = await allowed(req, res, held, revealQuestion(question, reveals, uuidV7(clocks.now())), cookie);
      if (!shown) return undefined;
      ({ held, cookie } = shown);
    }
    const { banner } = visit;
    visit.clicks = clicks === true;
    if (click) {
      res.statusCode = 204;
      if (cookie !== undefined) res.appendHeader('set-cookie', cookie);
      res.setHeader('cache-control', 'no-store');
      return void res.end();
    }
    if (asked !== 'part' && !isClick(asked) && question.resource.type === 'page' && view !== undefined) {
      const { id: page, properties } = question.resource;
      visit.opened(req.originalUrl, { id: view, page, record: properties.record });
    }
    const { who } = visit;
    const serving: Serving = { held, asked, cookie, deadline: askedAt + Math.min(validForMs, DECISION_VALID_MS) };
    const rows = view === undefined ? undefined : rowsOf(req, serving, question, permitted);
    const changes: FieldChange[] = [];
    if (action !== undefined) reportOnce(res, { workspace: who.ws, session: who.sid, action, changes });
    req.gatebook = {
      active: true,
      session: who.sid,
      workspaceRef: who.workspaceRef,
      workspaceName: who.workspaceName,
      caseRef: banner.caseRef,
      staff: { id: who.staff, name: who.staffName, email: who.staffEmail },
      masks,
      ...(rows && { rows: (count: number) => rows.tell(count) }),
      ...(banner.action && { allows: banner.action }),
      ...(banner.field && { mayReveal: banner.field }),
      ...(reveals && { revealed: reveals }),
      askFor: askingFor(visit, masks, options.ask),
      ...(action !== undefined && {
        action: { id: action, changed: (...more: readonly FieldChange[]) => void changes.push(...more) },
      }),
    };
    return serve(req, res, next, serving, rows);
  }

  interface Allowed extends Omit<Said, 'answer'> {
    readonly permitted: Permitted;
  }

  /** Asks the service; nothing where the answer was no, or the visit is over: then the page that says so was sent. */
  async function allowed(
    req: Request,
    res: Response,
    held: Held,
    question: EvaluationRequest,
    /** Of a token that was renewed before. */
    renewed?: string,
  ): Promise<Allowed | undefined> {
    try {
      const { answer, ...said } = await ask(req, held, question);
      const cookie = said.cookie ?? renewed;
      const { visit } = said.held;
      if (answer.decision) {
        visit.banner = answer.context.banner;
        return { ...said, cookie, permitted: answer };
      }
      const page = refusalPage(answer, said.held, question);
      if (cookie !== undefined && !page.leaves) res.appendHeader('set-cookie', cookie);
      gate.send(req, res, page, visit);
    } catch (error) {
      if (!(error instanceof VisitOver) && !(error instanceof VisitUnknown)) throw error;
      const sentence = (error instanceof VisitOver ? error.sentence : undefined) ?? NO_LONGER_OPEN;
      visits.over(held.token, sentence);
      gate.send(req, res, endedPage(held.visit.who.workspaceName, sentence, home, recordOf(held.visit)));
    }
    return undefined;
  }

  /** What is sent where a question was answered by no; a visit that is over is forgotten. */
  function refusalPage({ context }: Denied, { token, visit }: Held, question: EvaluationRequest): Page {
    const { reason_user, ended, instead, rule } = context;
    if (ended) {
      visits.over(token, reason_user.en);
      return endedPage(visit.banner.customer, reason_user.en, home, recordOf(visit));
    }
    const wish = instead === undefined ? undefined : wishOf(visit, question, rule);
    return refusedPage({ reason: reason_user.en, instead, start, ask: wish && options.ask?.(wish) });
  }

  /** Asks for rows as the product counts them. A yes to them is as fresh as any: the answer may leave within its second. */
  function rowsOf(req: Request, serving: Serving, question: EvaluationRequest, permitted: Permitted): Rows {
    return new Rows(async (count) => {
      const { held } = serving;
      if (!held) return unavailablePage();
      try {
        const said = await ask(req, held, rowsQuestion(question, permitted, count));
        serving.held = said.held;
        serving.cookie = said.cookie ?? serving.cookie;
        if (!said.answer.decision) return refusalPage(said.answer, said.held, question);
        const { banner, validForMs } = said.answer.context;
        said.held.visit.banner = banner;
        serving.deadline = said.askedAt + Math.min(validForMs, DECISION_VALID_MS);
        return undefined;
      } catch (error) {
        gate.fault(error);
        return unavailablePage();
      }
    });
  }

  /** An answer that breaks off says nothing: the service writes the outcome down as unknown. */
  function reportOnce(res: Response, report: Omit<OutcomeReport, 'id' | 'outcome'>): void {
    res.once('finish', () => {
      const outcome = res.statusCode < 400 ? 'done' : 'failed';
      client.report({ id: uuidV7(clocks.now()), ...report, outcome }).catch(gate.fault);
    });
  }

  interface Said {
    readonly answer: EvaluationAnswer;
    /** Monotonic milliseconds of before it was asked. */
    readonly askedAt: number;
    readonly held: Held;
    /** Set where the token was renewed on the way. */
    readonly cookie: string | undefined;
  }

  /** Asks the service, renewing the token before it is half gone, or where it is too old. @throws {VisitOver | VisitUnknown | GateUnavailable} */
  async function ask(req: Request, first: Held, question: EvaluationRequest): Promise<Said> {
    let held = first;
    if (clocks.monotonic() >= held.renewFrom) {
      // An old token still opens what it opens: that renewing fails decides nothing.
      held = await visits.renewed(held.token).catch((error: unknown) => (gate.fault(error), held));
    }
    const traceparent = req.headers['traceparent'];
    const once = async (): Promise<Said> => {
      const askedAt = clocks.monotonic();
      const answer = await client.ask(held.token, question, typeof traceparent === 'string' ? traceparent : undefined);
      return { answer, askedAt, held, cookie: held === first ? undefined : visitCookie(held.token) };
    };
    return once().catch(async (error: unknown) => {
      if (!(error instanceof VisitUnknown)) throw error;
      held = await visits.renewed(held.token);
      return once();
    });
  }

  interface Serving {
    held: Held | undefined;
    readonly asked: Asked | ReportedClick | undefined;
    cookie?: string | undefined;
    /** Monotonic milliseconds until which the first byte may leave. */
    deadline?: number;
  }

  function serve(req: Request, res: Response, next: NextFunction, serving: Serving, rows?: Rows): void {
    const { asked } = serving;
    const visit = serving.held?.visit;
    // What the browser kept from before the visit is not what may be shown in it; and what is encoded can't be marked.
    for (const name of ['if-none-match', 'if-modified-since', 'if-range', 'range', 'accept-encoding']) {
      delete req.headers[name];
    }
    if (visit && serving.deadline !== undefined) {
      visit.underWay.add(res);
      res.once('close', () => visit.underWay.delete(res));
    }
    const mustCount = typeof asked === 'object' && 'page' in asked && asked.rows === 'counted';
    guardAnswer(res, {
      stop: () => {
        if (serving.deadline === undefined) return undefined;
        if (visit?.ended !== undefined) return endedPage(visit.banner.customer, visit.ended, home, recordOf(visit));
        return clocks.monotonic() > serving.deadline ? latePage() : undefined;
      },
      file: () => (asked === 'public' ? undefined : filePage(start)),
      broken: (why) => {
        gate.fault(new Error(why));
        return unavailablePage();
      },
      isDocument: isDocument(req, asked !== 'part' && asked !== 'public' && !isClick(asked)),
      strip: () => (visit && visit.ended === undefined ? stripOf(req, visit).text + clicksOf(visit) : ''),
      send: (page) => {
        if (serving.cookie !== undefined && !page.leaves) res.appendHeader('set-cookie', serving.cookie);
        gate.send(req, res, page, visit);
      },
      headers: ALWAYS,
      cookie: () => serving.cookie,
      until: () => rows?.underWay,
      uncounted: () =>
        mustCount && !rows?.isTold ? 'A page was to say how many rows it shows, and did not.' : undefined,
    });
    next();
  }

  /** Why the person at the browser is not the one whose visit this is; `nobody` when nobody is signed in. */
  function strangerAt(req: Request, { who }: Visit): string | undefined {
    if (!options.staffSignIn) return undefined;
    const actorToken = options.staffSignIn.actorToken(req);
    if (actorToken === undefined) return 'nobody';
    return sameEmail(statedBy(actorToken).email, who.staffEmail)
      ? undefined
      : 'Somebody else is signed in here than the visit was started by.';
  }

  const middleware = (req: Request, res: Response, next: NextFunction): void => {
    handle(req, res, next).catch((error: unknown) => {
      // Whatever it was: closed.
      gate.fault(error);
      const token = visitTokenOf(req);
      if (res.headersSent) res.destroy();
      else gate.send(req, res, unavailablePage(), token === undefined ? undefined : visits.known(token)?.visit);
    });
  };
  return Object.assign(middleware, {
    close() {
      clearInterval(sweep);
      endings.close();
      client.close();
    },
  });
}

function isClick(asked: Asked | ReportedClick | undefined): boolean {
  return typeof asked === 'object' && 'click' in asked;
}

/** What reports the clicks of a page, where they are wanted. */
function clicksOf({ clicks }: Visit): string {
  return clicks ? `<script src="${PREFIX}/clicks.js" defer></script>` : '';
}
