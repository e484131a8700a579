import type { ApprovedField, MemberRole } from '@gatebook/protocol';
import { html, type Markup } from './html.ts';
import type { Fields } from './masking.ts';
import type { Store } from './store.ts';

/** Who is reading which workspace: a member of it, or a staff member on a visit. */
export interface Reader {
  readonly name: string;
  /** `undefined` during a visit: then the gate has decided. */
  readonly role: MemberRole | undefined;
  readonly onVisit: boolean;
}

/** What a page of a workspace is made from. */
export interface Context {
  readonly store: Store;
  readonly workspace: { readonly id: string; readonly name: string };
  readonly reader: Reader;
  readonly fields: Fields;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly form: Readonly<Record<string, string>>;
  readonly may: (action: string) => boolean;
  /** Tells how many rows of customers' data the page shows, where the visit's book counts them. */
  readonly shows: (rows: number) => void;
  /** Tells what an action changed, where the visit's book should hear of it. */
  readonly changed: (change: { readonly field: string; readonly old: string; readonly new: string }) => void;
  /** The one action that a visit may do here. */
  readonly allowed?: { readonly name: string; readonly target: string | null; readonly isDone: boolean } | undefined;
  /** The one masked value that this visit may show. */
  readonly mayReveal?: ApprovedField | undefined;
}

export type Answer =
  | { readonly kind: 'page'; readonly title: string; readonly body: Markup; readonly status?: number }
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'file'; readonly name: string; readonly type: string; readonly text: string }
  | { readonly kind: 'picture'; readonly svg: Markup };

const NAVIGATION: readonly (readonly [string, string])[] = [
  ['/', 'Dashboard'],
  ['/inquiries', 'Inbox'],
  ['/customers', 'Customers'],
  ['/invoices', 'Invoices'],
  ['/billing', 'Billing'],
  ['/integrations', 'Integrations'],
  ['/files', 'Files'],
  ['/team', 'Team'],
  ['/settings', 'Settings'],
];

export function page(title: string, body: Markup, status?: number): Answer {
  return { kind: 'page', title, body, ...(status !== undefined && { status }) };
}

export function missing(what: string): Answer {
  return page(
    'Not here',
    html`${heading('Not here')}
      <p>There is no ${what} of that name in this workspace.</p>`,
    404,
  );
}

export function heading(title: string, below?: Markup | string, acts?: Markup): Markup {
  return html`<div class="head">
    <div>
      <h1>${title}</h1>
      ${below !== undefined && html`<p>${below}</p>`}
    </div>
    ${acts}
  </div>`;
}

/**
 * Buttons of a page that change something: those that the reader's role allows. On a visit they are drawn as closed;
 * pressing one all the same says why.
 */
export function acts(
  { reader, may, allowed, params }: Pick<Context, 'reader' | 'may' | 'allowed' | 'params'>,
  buttons: readonly { readonly action: string; readonly label: string; readonly to: string; readonly get?: boolean }[],
): Markup {
  const shown = buttons.filter(({ action }) => reader.onVisit || may(action));
  if (shown.length === 0) return html``;
  const isAllowed = (action: string) =>
    allowed?.name === action &&
    !allowed.isDone &&
    (allowed.target === null || Object.values(params).includes(allowed.target));
  const look = (action: string) => (reader.onVisit && !isAllowed(action) ? 'closed' : 'plain');
  const anyClosed = shown.some(({ action }) => !isAllowed(action));
  return html`<div class="acts">
    ${shown.map(({ action, label, to, get }) =>
      get
        ? html`<a class="button ${look(action)}" href="${to}">${label}</a>`
        : html`<form method="post" action="${to}"><button class="${look(action)}">${label}</button></form>`,
    )}
    ${reader.onVisit && html`<p class="hint">${anyClosed ? 'Closed in this visit.' : 'Approved, once.'}</p>`}
  </div>`;
}

export function table(columns: readonly string[], rows: readonly Markup[], nothing: string): Markup {
  if (rows.length === 0) return html`<div class="card"><p>${nothing}</p></div>`;
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const TAGS: Readonly<Record<string, string>> = {
  failed: 'bad',
  failing: 'bad',
  overdue: 'bad',
  open: 'wait',
  waiting: 'wait',
  queued: 'wait',
  paid: 'good',
  synced: 'good',
  working: 'good',
};

export function tag(word: string): Markup {
  return html`<span class="tag ${TAGS[word] ?? ''}">${word}</span>`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const MONEY = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

export function day(at: string): Markup {
  return html`<time datetime="${at}">${DAY.format(new Date(at))}</time>`;
}

export function moment(at: string): Markup {
  const date = new Date(at);
  return html`<time datetime="${at}">${DAY.format(date)}, ${TIME.format(date)} UTC</time>`;
}

export function money(cents: number): string {
  return MONEY.format(cents / 100);
}

/** A page of a workspace, with the navigation. */
export function inFrame(title: string, body: Markup, { workspace, reader, path }: Context): string {
  const current = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  const items = NAVIGATION.map(
    ([to, label]) => html`<li><a href="${to}" ${current(to) && html`aria-current="page"`}>${label}</a></li>`,
  );
  const who = reader.onVisit
    ? html`<span>${reader.name}, on a support visit</span>`
    : html`<span>${reader.name}, ${reader.role}</span>
        <form method="post" action="/sign-out"><button class="plain">Sign out</button></form>`;
  return documentOf(
    `${title} · ${workspace.name}`,
    html`<a class="skip" href="#content">Go to the content</a>
      <div class="frame">
        <header class="side">
          <a class="brand" href="/">Fernway</a>
          <p class="where">${workspace.name}</p>
          <nav aria-label="Pages">
            <ul>
              ${items}
            </ul>
          </nav>
          <div class="who">${who}</div>
        </header>
        <main id="content">${body}</main>
      </div>`,
  );
}

/** A page that belongs to no workspace. */
export function alone(title: string, body: Markup): string {
  return documentOf(title, html`<main class="alone">${body}</main>`);
}

function documentOf(title: string, body: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Fernway</title>
        <link rel="stylesheet" href="/fernway.css" />
        <link rel="icon" href="/fernway.svg" type="image/svg+xml" />
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
