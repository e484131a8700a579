import type { Presence } from '@gatebook/protocol';
import type { Request, Response } from 'express';
import { ExchangeRefused, GateUnavailable, VisitUnknown } from './gate-client.ts';
import type { Gate } from './middleware.ts';
import type { GatebookOptions } from './options.ts';
import {
  endedPage,
  enteredPage,
  enterPage,
  foreignPostPage,
  goOnPage,
  mixedUpPage,
  noPage,
  unavailablePage,
} from './pages.ts';
import {
  canWait,
  codeCookie,
  formOf,
  hostOf,
  isOwn,
  noCodeCookie,
  ownPath,
  sameEmail,
  statedBy,
  visitCookie,
  visitTokenOf,
  waitingCodeOf,
} from './requests.ts';
import { CLICKS_SCRIPT } from './clicks.ts';
import { PREFIX } from './strip.ts';
import { STYLE } from './style.ts';
import { VisitOver, type Held } from './visits.ts';

/** What the gate itself serves below `/gatebook/`. Nothing here has an effect by GET (threats T30). */
export async function ownPages(gate: Gate, req: Request, res: Response, name: string): Promise<void> {
  const reads = req.method === 'GET' || req.method === 'HEAD';
  const known = ['strip.css', 'clicks.js', 'enter', 'exit', 'stay', 'click'].includes(name);
  if (!known) return gate.send(req, res, noPage(404));
  if (name === 'strip.css' && reads) return file(res, 'text/css', STYLE);
  if (name === 'clicks.js' && reads) return file(res, 'text/javascript', CLICKS_SCRIPT);
  if (name === 'enter' && reads) return askForCode(gate, req, res);
  const isFile = name === 'strip.css' || name === 'clicks.js';
  if (req.method !== 'POST' || isFile) {
    res.setHeader('allow', isFile ? 'GET, HEAD' : name === 'enter' ? 'GET, HEAD, POST' : 'POST');
    return gate.send(req, res, noPage(405));
  }
  if (name === 'enter') return enter(gate, req, res);
  // A click of this site is a question of its visit, and never comes here.
  if (!isOwn(req) || name === 'click') return gate.send(req, res, foreignPostPage());
  return name === 'exit' ? exit(gate, req, res) : stay(gate, req, res);
}

function file(res: Response, type: string, text: string): void {
  res.setHeader('content-type', `${type}; charset=utf-8`);
  res.setHeader('cache-control', 'no-cache');
  res.setHeader('x-content-type-options', 'nosniff');
  res.end(text);
}

/** The ID token of whoever is signed in at the product as staff, if it is still in time. */
function actorTokenOf({ options, clocks }: Gate, req: Request): string | undefined {
  const token = options.staffSignIn?.actorToken(req);
  if (token === undefined) return undefined;
  const { expiresAt = Infinity } = statedBy(token);
  return clocks.now() < expiresAt ? token : undefined;
}

function askForCode(gate: Gate, req: Request, res: Response): void {
  if (gate.options.staffSignIn && actorTokenOf(gate, req) === undefined) return toSignIn(gate, res);
  // Back from the sign-in: one press, as nothing has an effect by GET.
  return gate.send(req, res, waitingCodeOf(req) === undefined ? enterPage() : goOnPage());
}

function toSignIn({ options }: Gate, res: Response): void {
  redirect(res, signInAddress(options, `${PREFIX}/enter`));
}

function redirect(res: Response, to: string): void {
  res.statusCode = 303;
  res.setHeader('location', to);
  res.setHeader('cache-control', 'no-store');
  res.end();
}

/** The hop (visit.md, steps 3 to 5): the code comes by a post, from the console or from the page above. */
async function enter(gate: Gate, req: Request, res: Response): Promise<void> {
  const { options, client, visits, start } = gate;
  const { origin } = req.headers;
  // The code is the secret here, bound to who is signed in; another site's post could only carry the poster's own.
  const fromConsole = origin === 'null' || (origin !== undefined && hostOf(origin) === new URL(options.service).host);
  if (!fromConsole && !isOwn(req)) return gate.send(req, res, foreignPostPage());

  const actorToken = actorTokenOf(gate, req);
  const posted = (await formOf(req))['code']?.trim() ?? '';
  if (options.staffSignIn && actorToken === undefined) {
    if (canWait(posted)) res.appendHeader('set-cookie', codeCookie(posted));
    return toSignIn(gate, res);
  }
  const waiting = waitingCodeOf(req);
  if (waiting !== undefined) res.appendHeader('set-cookie', noCodeCookie);
  const code = posted === '' && isOwn(req) ? (waiting ?? '') : posted;
  if (code === '' || code.length > 512) return gate.send(req, res, enterPage('There is no one-time code here.', 400));

  let token: string;
  try {
    ({ access_token: token } = await client.enter(code, actorToken));
  } catch (error) {
    if (!(error instanceof ExchangeRefused)) throw error;
    return gate.send(req, res, enterPage(error.message, 403));
  }

  gate.listen();
  let held: Held | undefined;
  let mixedUp: string | undefined;
  try {
    held = await visits.of(token);
    mixedUp = await mistakeIn(held, actorToken, gate);
  } catch (error) {
    gate.fault(error);
  }
  if (!held || mixedUp !== undefined) {
    // Nobody could say whose visit this is, or it is not this person's here: it ends before anything was shown.
    visits.over(token, mixedUp ?? 'Nobody could say whose visit this is.');
    await client.revoke(token).catch(gate.fault);
    return gate.send(req, res, mixedUp === undefined ? unavailablePage() : mixedUpPage(mixedUp, options.home));
  }
  res.appendHeader('set-cookie', visitCookie(held.token));
  if (req.headers['sec-fetch-site'] !== 'cross-site') return redirect(res, start);
  const { who, banner } = held.visit;
  return gate.send(req, res, enteredPage(who.workspaceName, who.staffName, banner, start));
}

/** Staff, product and workspace, compared whole (threats T1, T2). */
async function mistakeIn(
  { visit: { who } }: Held,
  actorToken: string | undefined,
  { options }: Gate,
): Promise<string | undefined> {
  if (who.aud !== options.productId || who.client_id !== options.productId) return 'The visit is for another product.';
  if (who.act.sub !== who.staff) return 'The visit does not say whose it is.';
  if (actorToken !== undefined && !sameEmail(statedBy(actorToken).email, who.staffEmail)) {
    return 'Somebody else is signed in here than the visit was started by.';
  }
  const has = (await options.hasWorkspace?.(who.workspaceRef)) ?? true;
  return has ? undefined : 'The visit is to a workspace that is not here.';
}

const LEFT = 'You left. Nobody can open it again without a new visit.';

/** One press, no question (S1-39): the visit ends, and the browser is in the person's own account again. */
async function exit({ visits, client, send, fault, options: { home, record } }: Gate, req: Request, res: Response) {
  const token = visitTokenOf(req);
  if (token === undefined) return redirect(res, home);
  const visit = visits.known(token)?.visit;
  const recorded = visit && record?.(visit.who.sid);
  visits.over(token, LEFT);
  try {
    await client.revoke(token);
  } catch (error) {
    fault(error);
    const sentence =
      'You left it here, but the end could not be written down yet: it ends by itself, at its planned end at the latest.';
    return send(req, res, endedPage(visit?.who.workspaceName, sentence, home, recorded, 503));
  }
  return send(req, res, endedPage(visit?.who.workspaceName, LEFT, home, recorded, 200));
}

async function stay(gate: Gate, req: Request, res: Response): Promise<void> {
  const { visits, start, options } = gate;
  const back = ownPath((await formOf(req))['back']) ?? start;
  const token = visitTokenOf(req);
  if (token === undefined) return redirect(res, options.home);
  try {
    const [used, { idleEndsAt }] = await stayed(gate, token);
    if (used !== token) res.appendHeader('set-cookie', visitCookie(used));
    const visit = visits.known(used)?.visit;
    if (visit) visit.banner = { ...visit.banner, idleEndsAt };
  } catch (error) {
    // An end: the page it goes back to asks, and says which.
    if (!(error instanceof VisitUnknown) && !(error instanceof VisitOver)) {
      if (error instanceof GateUnavailable) gate.fault(error);
      throw error;
    }
  }
  return redirect(res, back);
}

/** Whoever presses Stay was away for a while, often for longer than a token lives: then a younger one says it. */
async function stayed({ client, visits }: Gate, token: string): Promise<readonly [used: string, Presence]> {
  try {
    return [token, await client.stay(token)];
  } catch (error) {
    if (!(error instanceof VisitUnknown)) throw error;
    const younger = (await visits.renewed(token)).token;
    return [younger, await client.stay(younger)];
  }
}

/** Where to sign in, with the way back; nothing of a visit stands in it. */
export function signInAddress({ staffSignIn, home }: GatebookOptions, next: string): string {
  if (!staffSignIn) return home;
  return `${staffSignIn.url}${staffSignIn.url.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
}
