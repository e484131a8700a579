import { html } from './html.ts';
import { acts, day, heading, missing, moment, page, table, tag, type Answer, type Context } from './layout.ts';
import { whereItStands } from './places.ts';

interface Inquiry {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly opened_at: string;
  readonly customer: string;
  readonly name: string;
  readonly email: string;
}

interface Message {
  readonly author: string;
  readonly from_customer: number;
  readonly at: string;
  readonly body: string;
}

const INQUIRIES = `select i.id, i.subject, i.status, i.opened_at, i.customer, c.name, c.email
  from inquiries i join customers c on c.id = i.customer where i.workspace = ?`;

export function dashboard(context: Context): Answer {
  const {
    store,
    workspace: { id, name },
  } = context;
  const count = (sql: string) => store.one<{ count: number }>(`select count(*) as count ${sql}`, id)?.count ?? 0;
  const tiles = [
    ['/inquiries?status=open', count("from inquiries where workspace = ? and status = 'open'"), 'open inquiries'],
    ['/invoices', count("from invoices where workspace = ? and sync = 'failed'"), 'invoices not synced'],
    ['/invoices', count("from invoices where workspace = ? and status = 'overdue'"), 'invoices overdue'],
    ['/integrations', count("from integrations where workspace = ? and state = 'failing'"), 'integrations failing'],
  ] as const;
  const activity = store.all<{ at: string; who: string; what: string }>(
    'select at, who, what from activity where workspace = ? order by at desc, id desc limit 10',
    id,
  );
  return page(
    'Dashboard',
    html`${heading('Dashboard', name)} ${whereItStands(context)}
      <div class="tiles">
        ${tiles.map(([to, number, what]) => html`<a class="tile" href="${to}"><b>${number}</b><span>${what}</span></a>`)}
      </div>
      <section class="card">
        <h2>Inquiries a day</h2>
        <img
          class="chart"
          src="/parts/inquiries.svg"
          width="600"
          height="120"
          alt="Bars: how many inquiries each day"
        />
      </section>
      <section class="card">
        <h2>What happened</h2>
        <ul class="plain-list">
          ${activity.map(({ at, who, what }) => html`<li>${who} ${what}<br />${moment(at)}</li>`)}
        </ul>
      </section>`,
  );
}

/** A picture within the dashboard: a request of its own, for the page that asked for it. */
export function inquiryChart({ store, workspace }: Context): Answer {
  const days = store.all<{ day: string; count: number }>(
    'select substr(opened_at, 1, 10) as day, count(*) as count from inquiries where workspace = ? group by 1 order by 1',
    workspace.id,
  );
  const width = 600 / Math.max(days.length, 1);
  const most = Math.max(1, ...days.map(({ count }) => count));
  const bars = days.map(({ count }, at) => {
    const height = (count / most) * 90;
    return html`<rect x="${at * width + 4}" y="${100 - height}" width="${width - 8}" height="${height}" rx="4" />
      <text x="${(at + 0.5) * width}" y="116">${days[at]?.day.slice(8) ?? ''}</text>`;
  });
  return {
    kind: 'picture',
    svg: html`<svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox="0 0 600 120"
      fill="#7c66d8"
      font-family="sans-serif"
      font-size="12"
      text-anchor="middle"
    >
      ${bars}
    </svg>`,
  };
}

export function inquiries({ store, workspace, query, fields, shows }: Context): Answer {
  const search = (query.get('q') ?? '').trim().slice(0, 100);
  const status = query.get('status') ?? '';
  // A masked address can't be guessed by searching for it either.
  const searched = fields.isMasked('customer.email') ? ['i.subject', 'c.name'] : ['i.subject', 'c.name', 'c.email'];
  const rows = store.all<Inquiry>(
    `${INQUIRIES} and (? = '' or i.status = ?) and (${searched.map((column) => `instr(lower(${column}), lower(?)) > 0`).join(' or ')})
     order by i.opened_at desc`,
    workspace.id,
    status,
    status,
    ...searched.map(() => search),
  );
  shows(rows.length);
  return page(
    'Inbox',
    html`${heading('Inbox', `${rows.length} ${rows.length === 1 ? 'inquiry' : 'inquiries'}`)}
      <form class="search" method="get" action="/inquiries">
        <div><label for="q">Search</label><input id="q" name="q" type="search" value="${search}" /></div>
        <div>
          <label for="status">Status</label
          ><select id="status" name="status">
            ${['', 'open', 'waiting', 'closed'].map(
              (one) => html`<option value="${one}" ${one === status && 'selected'}>${one || 'any'}</option>`,
            )}
          </select>
        </div>
        <button class="plain">Search</button>
      </form>
      ${table(
        ['Inquiry', 'From', 'Status', 'Since'],
        rows.map(
          (row) =>
            html`<tr>
              <td>
                <a href="/inquiries/${row.id}">${fields.prose(row.subject)}</a><br /><span class="quiet"
                  >${row.id}</span
                >
              </td>
              <td>${row.name}<br /><span class="quiet">${fields.text('customer.email', row.email)}</span></td>
              <td>${tag(row.status)}</td>
              <td>${day(row.opened_at)}</td>
            </tr>`,
        ),
        'No inquiry is like that.',
      )}`,
  );
}

export function inquiry(context: Context): Answer {
  const { store, workspace, params, fields, reader, may } = context;
  const found = store.one<Inquiry>(`${INQUIRIES} and i.id = ?`, workspace.id, params['id'] ?? '');
  if (!found) return missing('inquiry');
  const messages = store.all<Message>(
    'select author, from_customer, at, body from messages where inquiry = ? order by at, id',
    found.id,
  );
  const canReply = may('inquiry.reply') || reader.onVisit;
  return page(
    found.id,
    html`${heading(
        fields.prose(found.subject),
        html`${found.id}, ${tag(found.status)}`,
        found.status === 'closed'
          ? html``
          : acts(context, [{ action: 'inquiry.close', label: 'Close inquiry', to: `/inquiries/${found.id}/close` }]),
      )}
      <section class="card">
        <dl>
          <dt>From</dt>
          <dd><a href="/customers/${found.customer}">${found.name}</a></dd>
          <dt>E-mail</dt>
          <dd>${fields.shown('customer.email', found.email, found.customer)}</dd>
          <dt>Since</dt>
          <dd>${moment(found.opened_at)}</dd>
        </dl>
      </section>
      <section class="card">
        <h2>Messages</h2>
        ${messages.map(
          ({ author, from_customer, at, body }) =>
            html`<article class="message ${from_customer === 0 && 'ours'}">
              <header><b>${author}</b>, ${moment(at)}</header>
              <span class="words">${fields.prose(body)}</span>
            </article>`,
        )}
        ${
          canReply &&
          html`<form method="post" action="/inquiries/${found.id}/reply">
            <label for="body">Your reply</label>
            <p><textarea id="body" name="body" rows="4" maxlength="4000" required></textarea></p>
            <button class="${reader.onVisit && 'closed'}">Send reply</button>
            ${reader.onVisit && html`<p class="hint">Closed in this visit.</p>`}
          </form>`
        }
      </section>`,
  );
}

export function reply({ store, workspace, reader, params, form }: Context): Answer {
  const id = params['id'] ?? '';
  const body = (form['body'] ?? '').trim().slice(0, 4000);
  if (body === '')
    return page(
      'Nothing to send',
      html`${heading('Nothing to send')}
        <p>Write something first.</p>`,
      400,
    );
  const done = store.change(() => {
    const changed = store.run(
      "update inquiries set status = 'waiting' where id = ? and workspace = ?",
      id,
      workspace.id,
    );
    if (changed === 0) return false;
    const now = new Date().toISOString();
    store.run(
      'insert into messages (inquiry, author, from_customer, at, body) values (?, ?, 0, ?, ?)',
      id,
      reader.name,
      now,
      body,
    );
    noteActivity(store, workspace.id, reader.name, `replied to ${id}`);
    return true;
  });
  return done ? { kind: 'go', to: `/inquiries/${id}` } : missing('inquiry');
}

export function closeInquiry({ store, workspace, reader, params }: Context): Answer {
  const id = params['id'] ?? '';
  const done = store.change(() => {
    const sql = "update inquiries set status = 'closed' where id = ? and workspace = ?";
    if (store.run(sql, id, workspace.id) === 0) return false;
    noteActivity(store, workspace.id, reader.name, `closed ${id}`);
    return true;
  });
  return done ? { kind: 'go', to: `/inquiries/${id}` } : missing('inquiry');
}

/** The product's own history, which its members see on the dashboard. */
export function noteActivity(store: Context['store'], workspace: string, who: string, what: string): void {
  const now = new Date().toISOString();
  store.run('insert into activity (workspace, at, who, what) values (?, ?, ?, ?)', workspace, now, who, what);
}
