import { CLICK_LABEL } from '@gatebook/protocol';
import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import { formOf, ownPath } from './requests.ts';
import { PREFIX } from './strip.ts';

const LABEL = new RegExp(CLICK_LABEL, 'u');

/** Whether the page may call a control or a region so. */
export function isClickLabel(text: string): boolean {
  return LABEL.test(text);
}

/** A click that the script of a page reports, or why it is none. */
export interface ReportedClick {
  readonly click: string;
  /** Address of the page on which it was. */
  readonly of: string;
  /** A person clicked, as against a script. */
  readonly input: boolean;
}

export async function clickOf(req: Request): Promise<ReportedClick | undefined> {
  const { part = '', page, input } = await formOf(req);
  const of = ownPath(page);
  return isClickLabel(part) && of !== undefined ? { click: part, of, input: input === 'yes' } : undefined;
}

/** The one error of a report: it names no control, or no page of this site (RFC 9457). */
export function sendNoClick(res: ServerResponse): void {
  res.statusCode = 400;
  res.setHeader('content-type', 'application/problem+json');
  res.setHeader('cache-control', 'no-store');
  const title = 'That is no name of a control or a region, or no page of this site.';
  res.end(JSON.stringify({ type: 'urn:gatebook:problem:invalid-request', title, status: 400 }));
}

/**
 * Holds each click on what carries `data-gatebook-click` until it is written down, and lets it through then, to whatever
 * the page does with it; else the page is read again, and says what became of the visit.
 */
export const CLICKS_SCRIPT = `(() => {
  const let_through = new WeakSet();
  addEventListener('click', (event) => {
    const part = event.target instanceof Element ? event.target.closest('[data-gatebook-click]') : null;
    if (!part || let_through.delete(part)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const said = new URLSearchParams({
      part: part.getAttribute('data-gatebook-click') ?? '',
      page: location.pathname + location.search,
      input: event.isTrusted ? 'yes' : 'no',
    });
    const target = event.target;
    fetch('${PREFIX}/click', { method: 'POST', body: said }).then(
      (answer) => {
        if (!answer.ok) return location.reload();
        let_through.add(part);
        target.click();
        let_through.delete(part);
      },
      () => location.reload(),
    );
  }, true);
})();
`;
