import { modeInWords, type Banner } from '@gatebook/protocol';
import { markup, type Markup } from './html.ts';
import { PREFIX } from './strip.ts';

/** A page that stands in for the product's. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Markup;
  /** Takes the visit's cookie away. */
  readonly leaves?: boolean;
}

const ARCH = markup`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M4 21V11a8 8 0 0 1 16 0v10zM9 21V4M15 21V4" />
</svg>`;

/** The service gave no answer that could be acted on: nothing of the product is shown. */
export function unavailablePage(): Page {
  return page(503, 'This page can’t be opened right now.', [
    'Nobody could write down that you would see it, so it stays closed. Try again in a moment.',
  ]);
}

/** The product took longer than a yes holds. */
export function latePage(): Page {
  return page(503, 'This page took too long.', [
    'A permission holds for one second, and the page came later. Open it again.',
  ]);
}

export interface Refused {
  readonly reason: string;
  readonly instead: string | undefined;
  readonly start: string;
  /** Where it can be asked for. */
  readonly ask: string | undefined;
}

export function refusedPage({ reason, instead, start, ask }: Refused): Page {
  return page(
    403,
    reason,
    [...(instead === undefined ? [] : [instead]), 'This attempt was written down. The rest of your visit goes on.'],
    markup`${ask === undefined ? '' : markup`<a class="btn" href="${ask}">Ask for it</a>`}
      <a class="btn" href="${start}">Back to the start page</a>`,
  );
}

export function filePage(start: string): Page {
  return page(
    403,
    'Files are not opened in a visit.',
    ['Downloads, exports and the contents of files stay closed to support.'],
    markup`<a class="btn" href="${start}">Back to the start page</a>`,
  );
}

/** After the end, whoever made it. `customer` is left out where nobody knows it any more. */
export function endedPage(
  customer: string | undefined,
  sentence: string,
  home: string,
  record?: string,
  status = 403,
): Page {
  const title = customer === undefined ? 'Your visit has ended' : `Your visit to ${customer} has ended`;
  return {
    status,
    title,
    leaves: true,
    body: markup`${ARCH}
      <h1>${title}</h1>
      <p class="lead">${sentence}</p>
      <p class="small">
        ${customer === undefined ? 'Nothing of the customer' : `Nothing of ${customer}`} is open any more.
      </p>
      <div class="acts closed">
        <a class="btn go" href="${home}">Back to your own account</a>
        ${record === undefined ? '' : markup`<a class="btn" href="${record}">What was recorded</a>`}
      </div>`,
  };
}

export function enterPage(problem?: string, status = 200): Page {
  return {
    status,
    title: 'Start your visit',
    body: markup`<h1>Start your visit</h1>
      ${problem === undefined ? markup`<p class="lead">Paste the one-time code that you were given when you started the visit.</p>` : markup`<p class="lead" role="alert">${problem}</p>`}
      <p class="small">It works once, for you only, and for one minute.</p>
      <form method="post" action="${PREFIX}/enter">
        <label for="code">One-time code</label>
        <input
          id="code"
          name="code"
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          maxlength="512"
          required
        />
        <div class="acts"><button class="btn go">Start the visit</button></div>
      </form>`,
  };
}

/** After signing in at the product, where the code has waited. */
export function goOnPage(): Page {
  return {
    status: 200,
    title: 'Go on into your visit',
    body: markup`<h1>Go on into your visit</h1>
      <p class="lead">You are signed in. Your one-time code has waited, and is good for a minute in all.</p>
      <form method="post" action="${PREFIX}/enter">
        <div class="acts"><button class="btn go">Go on into your visit</button></div>
      </form>`,
  };
}

/** Where the browser wouldn't send a strict cookie along a redirect that another site began. */
export function enteredPage(customer: string, staffName: string, { action }: Banner, start: string): Page {
  return page(
    200,
    `You, ${staffName}, are in ${customer}`,
    [
      `${modeInWords(action ? { label: action.label, isUsed: action.isDone } : null)}. The customer sees each page that you open.`,
    ],
    markup`<a class="btn go" href="${start}">Open ${customer}</a>`,
  );
}

export function mixedUpPage(what: string, home: string): Page {
  return {
    ...page(
      403,
      'This visit is not yours to enter.',
      [what, 'The visit was ended, and nothing was opened.'],
      markup`<a class="btn go" href="${home}">Back to your own account</a>`,
    ),
    leaves: true,
  };
}

export function signInFirstPage(staffName: string, signIn: string): Page {
  return page(
    401,
    'Sign in to go on with your visit.',
    [`This visit is ${staffName}’s, and you are not signed in here any more.`],
    markup`<a class="btn go" href="${signIn}">Sign in</a>`,
  );
}

export function foreignPostPage(): Page {
  return page(403, 'This button was pressed on another site.', ['Nothing was done.']);
}

export function noPage(status: 404 | 405): Page {
  return page(status, 'There is nothing here.', []);
}

function page(status: number, title: string, sentences: readonly string[], acts?: Markup): Page {
  return {
    status,
    title,
    body: markup`<h1>${title}</h1>
      ${sentences.map((sentence) => markup`<p>${sentence}</p>`)}${acts === undefined ? '' : markup`<div class="acts">${acts}</div>`}`,
  };
}

export function documentOf({ title, body }: Page, strip: Markup | undefined): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${PREFIX}/strip.css" />
      </head>
      <body class="gatebook-page">
        ${strip ?? ''}
        <main>${body}</main>
      </body>
    </html> `.text;
}
