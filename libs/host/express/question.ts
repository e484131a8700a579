import { hidesText, visibly, type EvaluationRequest } from '@gatebook/protocol';
import type { Request } from 'express';
import { isClickLabel, type ReportedClick } from './clicks.ts';
import type { Asked } from './options.ts';
import { hostOf, isInput, pathOf, routeTemplate } from './requests.ts';
import type { Visit } from './visits.ts';

/** The longest name of a page or an action that the service takes. */
export const ID_LENGTH = 200;
/** The longest id of a record. */
export const RECORD_LENGTH = 200;

/** What a question needs to know of a visit. */
export interface Whose {
  readonly staff: string;
  readonly ws: string;
  readonly workspaceRef?: string;
  readonly viewAt: Visit['viewAt'];
}

export function whoseIs(visit: Visit): Whose {
  const { staff, ws, workspaceRef } = visit.who;
  return { staff, ws, workspaceRef, viewAt: (address) => visit.viewAt(address) };
}

/** What the service is asked for a request. */
export function questionFor(
  req: Request,
  asked: Asked | ReportedClick | undefined,
  whose: Whose,
  /** A UUIDv7: what is done once is told by it when it has to be asked again. */
  requestId: string,
): EvaluationRequest {
  const subject = { type: 'staff', id: whose.staff } as const;
  const mayChange = !['GET', 'HEAD', 'OPTIONS'].includes(req.method);
  const pathname = pathOf(req);
  const click = typeof asked === 'object' && 'click' in asked ? asked : undefined;
  const named = typeof asked === 'object' && !('click' in asked) ? asked : undefined;
  // Another workspace than the visit's is asked about as such: the service refuses it, and writes it down.
  const other = named?.workspace !== undefined && named.workspace !== whose.workspaceRef ? named.workspace : undefined;
  const properties = {
    workspace: writable(other ?? whose.ws, 64),
    ...(named?.record && { record: writable(named.record, RECORD_LENGTH) }),
  };
  const context = { purpose: 'serve', input: isInput(req) } as const;

  const reveals = named && 'page' in named ? named.reveals : undefined;
  // Before anything is asked: a reload, or a picture with such an address, would use up what was approved once.
  if (reveals && !mayChange) throw new Error('A masked value is asked for by a form that posts.');

  if ((mayChange && click === undefined && !reveals) || (named && 'action' in named)) {
    const id = writable(
      named && 'action' in named ? named.action : `${req.method} ${routeTemplate(pathname)}`,
      ID_LENGTH,
    );
    const given = named && 'action' in named ? named.arguments : undefined;
    return {
      subject,
      action: { name: 'perform' },
      resource: { type: 'operation', id, properties: { ...properties, ...(given && { arguments: given }) } },
      context: { ...context, requestId },
    };
  }
  const ask = (id: string, more: object = {}, partOf?: string, by?: Click): EvaluationRequest => ({
    subject,
    action: { name: 'view' },
    resource: { type: 'page', id: writable(id, ID_LENGTH), properties: { ...properties, ...more } },
    context: { ...context, ...(partOf !== undefined && { page: partOf, input: isByPerson(req, by) }) },
  });
  if (asked === 'part' || click) {
    // What it is called comes from the product's code: a name that could hold data is a fault of it.
    if (click && !isClickLabel(click.click)) throw new Error('A control or region has a name that can’t be written.');
    const view = whose.viewAt((isReported(click) ? click.of : refererOf(req)) ?? '');
    const more = click ? { click: click.click } : {};
    return view
      ? ask(view.page, { ...(view.record !== undefined && { record: view.record }), ...more }, view.id, click)
      : ask(routeTemplate(pathname));
  }
  if (!named || !('page' in named)) return ask(routeTemplate(pathname));
  // What the handler is to count shows nothing until it has.
  const rows = named.rows === 'counted' ? 0 : named.rows;
  return ask(named.page, {
    ...(named.title && { title: shortened(named.title, 200) }),
    ...(rows !== undefined && { rows }),
  });
}

/** A part is fetched by the page; a click in it is a person's where the page's script, or the browser, says so. */
function isByPerson(req: Request, click: Click): boolean {
  if (click === undefined) return false;
  return isReported(click) ? click.input : isInput(req);
}

type Click = { readonly click: string } | ReportedClick | undefined;

function isReported(click: Click): click is ReportedClick {
  return click !== undefined && 'of' in click;
}

/** The address on this site of the page that a part belongs to. */
function refererOf({ headers: { referer, host } }: Request): string | undefined {
  if (referer === undefined || hostOf(referer) !== host) return undefined;
  const { pathname, search } = new URL(referer);
  return pathname + search;
}

/**
 * The name of something as the service can write it down: no longer than `most`, and with nothing in it that can't be
 * seen, of which an address may be full. What it had to be changed for ends in an ellipsis, so that it never equals the
 * name of something else, which somebody approved.
 */
export function writable(name: string, most: number): string {
  return hidesText(name) ? shortened(`${visibly(name)}…`, most) : shortened(name, most);
}

/** No longer than `most`, and without halves of characters. */
function shortened(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return short.toWellFormed();
}
