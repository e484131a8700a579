import { html, type Markup } from './html.ts';
import { heading, moment, table } from './layout.ts';
import type { SignedIn } from './sign-in.ts';
import type { Store } from './store.ts';

interface SupportCase {
  readonly ref: string;
  readonly title: string;
  readonly opened_at: string;
  readonly workspace: string;
  readonly name: string;
}

/** A staff member's own account: no workspace is open in it. */
export function staffHome(store: Store, person: SignedIn, service: string): Markup {
  const cases = store.all<SupportCase>(
    `select c.ref, c.title, c.opened_at, c.workspace, w.name from cases c join workspaces w on w.id = c.workspace
     where c.state = 'open' order by c.ref`,
  );
  const first = cases[0];
  return html`${heading(
      'Fernway support',
      html`Signed in as ${person.name}, Fernway support. No workspace is open.`,
      html`<form method="post" action="/staff/sign-out"><button class="plain">Sign out</button></form>`,
    )}
    <h2>Open cases</h2>
    ${table(
      ['Case', 'Customer', 'Since', 'Visit', 'Done?'],
      cases.map(
        ({ ref, title, opened_at, name }) =>
          html`<tr>
            <td><b>${ref}</b><br />${title}</td>
            <td>${name}</td>
            <td>${moment(opened_at)}</td>
            <td>
              <a href="${service}/staff/start?case=${encodeURIComponent(ref)}" aria-label="Start a visit for ${ref}"
                >Start a visit</a
              >
            </td>
            <td>
              <form method="post" action="/staff/cases/${ref}/close">
                <button class="plain" aria-label="Close ${ref}">Close</button>
              </form>
            </td>
          </tr>`,
      ),
      'No case is open.',
    )}
    <section class="card">
      <h2>Visiting a customer’s workspace</h2>
      <p>
        Gatebook decides by the settings in force whether a visit may begin, and writes down each page before it opens.
        <a href="${service}/staff">Your visits</a> say why each one ended.
      </p>
      <p>From a terminal it goes like this:</p>
      ${
        first &&
        html`<pre>
npm run -s gatebook -- sessions start ${first.workspace} --as ${person.sub} --case ${first.ref} --reason "${first.title} since Tuesday"</pre>`
      }
      <p>It prints a one-time code, good for a minute.</p>
      <p><a class="button" href="/gatebook/enter">Enter with a code</a></p>
    </section>`;
}

/** For somebody who is not signed in. */
export function landing(next: string): Markup {
  const query = next === '/' ? '' : `?next=${encodeURIComponent(next)}`;
  return html`${heading('Fernway', 'One inbox for your customers, and the invoices that go with it.')}
    <section class="card">
      <p>${next === '/' ? 'Sign in to your workspace.' : 'Sign in to see this page.'}</p>
      <div class="acts">
        <a class="button" href="/sign-in/members${query}">Sign in</a>
        <a class="button plain" href="/staff">Fernway staff</a>
      </div>
    </section>`;
}

export function sentence(title: string, text: string, link?: { readonly to: string; readonly label: string }): Markup {
  return html`${heading(title)}
    <section class="card">
      <p>${text}</p>
      ${link && html`<p><a href="${link.to}">${link.label}</a></p>`}
    </section>`;
}
