import { createHash } from 'node:crypto';
import type { MemberPerson, People, Realm, StaffPerson } from './people.ts';
import { SIGN_IN_STYLE } from './sign-in-style.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const html = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/**
 * Headers of every answer of an embedded issuer. `formTargets` are the origins that a sign-in may lead to: browsers
 * hold `form-action` against the redirects behind a posted form as well.
 */
export function pageHeaders(formTargets: readonly string[]): Readonly<Record<string, string>> {
  const styleHash = createHash('sha256').update(SIGN_IN_STYLE).digest('base64');
  return {
    'content-security-policy': [
      `default-src 'none'`,
      `script-src 'none'`,
      `style-src 'sha256-${styleHash}'`,
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}

export interface SignInPage {
  readonly realm: Realm;
  readonly people: People;
  /** Where the choice is posted to. */
  readonly action: string;
  /** What the person signs in to, by its name for people. */
  readonly clientName: string;
  /** Who is signed in in this browser; `askAgain` says that this does not suffice. */
  readonly signedIn?: { readonly sub: string; readonly askAgain: boolean };
}

/** The page to pick a person from. Each choice is a submit button `person` with the person's `sub`. */
export function signInPage(page: SignInPage): string {
  const everybody = [...page.people.members, ...page.people.staff];
  const current = page.signedIn && everybody.find((person) => person.sub === page.signedIn?.sub);
  const groups = groupsOf(page.realm, page.people);
  const title = `Sign in to ${page.clientName}`;
  const lede =
    current && page.signedIn?.askAgain
      ? `${page.clientName} asks again who you are.`
      : 'Press a name to sign in as that person.';
  const first = current
    ? section('Signed in here', 'workspace' in current ? current.workspace : 'Staff', [
        row(current, page.signedIn?.askAgain ? 'Sign in again as' : 'Go on as', detailsOf(current)),
      ])
    : '';
  const rest = groups.map(({ heading, hint, people }) =>
    section(
      heading,
      hint,
      people.filter((person) => person !== current).map((person) => row(person, 'Sign in as', detailsOf(person))),
    ),
  );
  return document(
    title,
    page.realm,
    `<header class="head"><h1>${html(title)}</h1><p class="lede">${html(lede)}</p></header>
<form method="post" action="${html(page.action)}">
${first}${rest.join('')}
</form>
<p class="small foot">These people are made up, and nobody has a password. In production Gatebook uses your own sign-in and does not start with this one.</p>`,
  );
}

/** One sentence with, perhaps, a form: refusals and signing out. `formHtml` is trusted markup. */
export function noticePage(realm: Realm, title: string, sentences: readonly string[], formHtml = ''): string {
  const body = sentences.map((sentence) => `<p class="lede">${html(sentence)}</p>`).join('');
  return document(title, realm, `<header class="head"><h1>${html(title)}</h1>${body}</header>${formHtml}`);
}

type Person = MemberPerson | StaffPerson;

function groupsOf(realm: Realm, people: People): { heading: string; hint: string; people: readonly Person[] }[] {
  if (realm === 'staff') return [{ heading: 'Staff', hint: 'Of the vendor', people: people.staff }];
  return [...Map.groupBy(people.members, (person) => person.workspace)].map(([heading, members]) => ({
    heading,
    hint: 'Workspace',
    people: members,
  }));
}

function detailsOf(person: Person): { role: string; email: string } {
  const roles = 'role' in person ? [person.role] : person.roles;
  const words = roles.join(', ') || 'no role';
  return { role: words.charAt(0).toUpperCase() + words.slice(1), email: person.email };
}

function section(heading: string, hint: string, rows: readonly string[]): string {
  if (rows.length === 0) return '';
  return `<section><div class="margin"><h2>${html(heading)}</h2><p class="small">${html(hint)}</p></div><ul>${rows.join('')}</ul></section>`;
}

function row(person: Person, verb: string, details: { role: string; email: string }): string {
  const firstName = person.name.split(' ')[0]!;
  return `<li><button name="person" value="${html(person.sub)}">
<span class="name">${html(person.name)}</span> <span class="role">${html(details.role)}</span> <span class="email">${html(details.email)}</span> <span class="verb">${html(`${verb} ${firstName}`)}</span>
</button></li>`;
}

const BOOK = `<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="4" y="3" width="16" height="18" rx="1.5"/><path d="M7.5 3v18M11 17v-5a2.5 2.5 0 0 1 5 0v5"/></svg>`;

function document(title: string, realm: Realm, main: string): string {
  const place = realm === 'staff' ? 'Staff sign-in' : 'Members’ sign-in';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${html(title)} · Gatebook</title>
<style>${SIGN_IN_STYLE}</style>
</head>
<body>
<header class="top"><div class="wrap"><span class="brand">${BOOK}Gatebook</span><span class="place">${place}</span></div></header>
<main class="wrap">
${main}
</main>
</body>
</html>
`;
}
