import { html } from './html.ts';
import { acts, day, heading, missing, money, page, table, tag, type Answer, type Context } from './layout.ts';
import { noteActivity } from './pages-inbox.ts';

interface Invoice {
  readonly id: string;
  readonly issued: string;
  readonly status: string;
  readonly sync: string;
  readonly sync_note: string;
  readonly customer: string;
  readonly card: string;
  readonly item: string;
  readonly cents: number;
  readonly tax_percent: number;
  readonly name: string;
  readonly email: string;
  readonly tax_id: string;
}

const INVOICES = `select i.id, i.issued, i.status, i.sync, i.sync_note, i.customer, i.card, i.item, i.cents, i.tax_percent,
  c.name, c.email, c.tax_id from invoices i join customers c on c.id = i.customer where i.workspace = ?`;

export function invoices({ store, workspace, shows }: Context): Answer {
  const rows = store.all<Invoice>(`${INVOICES} order by i.issued desc, i.id desc`, workspace.id);
  shows(rows.length);
  return page(
    'Invoices',
    html`${heading('Invoices', `${rows.filter(({ sync }) => sync === 'failed').length} not synced with accounting`)}
    ${table(
      ['Invoice', 'Billed to', 'Issued', 'Paid', 'Accounting', 'Total'],
      rows.map(
        (row) =>
          html`<tr>
            <td><a href="/invoices/${row.id}">${row.id}</a></td>
            <td>${row.name}</td>
            <td>${day(row.issued)}</td>
            <td>${tag(row.status)}</td>
            <td>${tag(row.sync)}</td>
            <td class="number">${money(totalOf(row))}</td>
          </tr>`,
      ),
      'No invoices yet.',
    )}`,
  );
}

export function invoice(context: Context): Answer {
  const { store, workspace, params, fields } = context;
  const found = store.one<Invoice>(`${INVOICES} and i.id = ?`, workspace.id, params['id'] ?? '');
  if (!found) return missing('invoice');
  return page(
    found.id,
    html`${heading(
        `Invoice ${found.id}`,
        html`${found.name}, ${day(found.issued)}`,
        found.sync === 'failed'
          ? acts(context, [
              { action: 'invoice.retrySync', label: 'Retry sync', to: `/invoices/${found.id}/retry-sync` },
            ])
          : html``,
      )}
      ${found.sync_note !== '' && html`<p class="note ${found.sync === 'failed' ? 'bad' : 'good'}">${found.sync_note}</p>`}
      <section class="card">
        <dl>
          <dt>Billed to</dt>
          <dd>${fields.shown('customer.email', found.email, found.customer)}</dd>
          <dt>Paid with</dt>
          <dd>${fields.shown('card.number', found.card, found.customer)}</dd>
          <dt>Tax id</dt>
          <dd>${fields.shown('customer.taxId', found.tax_id, found.customer)}</dd>
          <dt>Status</dt>
          <dd>${tag(found.status)} ${tag(found.sync)}</dd>
        </dl>
      </section>
      <section class="card">
        <table>
          <tbody>
            <tr>
              <td>${found.item}</td>
              <td class="number">${money(found.cents)}</td>
            </tr>
            <tr>
              <td>Tax, ${found.tax_percent} %</td>
              <td class="number">${money(totalOf(found) - found.cents)}</td>
            </tr>
            <tr>
              <th scope="row">Total</th>
              <td class="number"><b>${money(totalOf(found))}</b></td>
            </tr>
          </tbody>
        </table>
      </section>
      <details class="card" data-gatebook-click="How the total is made">
        <summary>How the total is made</summary>
        <p>${found.tax_percent} % tax is added to the net price of each line, and rounded once, on the whole.</p>
      </details>`,
  );
}

export function retrySync({ store, workspace, reader, params, changed }: Context): Answer {
  const id = params['id'] ?? '';
  const done = store.change(() => {
    const count = store.run(
      "update invoices set sync = 'queued', sync_note = 'Waiting for accounting.' where id = ? and workspace = ? and sync = 'failed'",
      id,
      workspace.id,
    );
    if (count > 0) noteActivity(store, workspace.id, reader.name, `retried the sync of ${id}`);
    return count > 0;
  });
  if (done) changed({ field: 'invoice.syncState', old: 'failed', new: 'queued' });
  return done ? { kind: 'go', to: `/invoices/${id}` } : missing('failed invoice');
}

interface Account {
  readonly plan: string;
  readonly renews: string;
  readonly cents_a_month: number;
  readonly billing_email: string;
  readonly card: string;
  readonly iban: string;
}

export function billing(context: Context): Answer {
  const { store, workspace, fields } = context;
  const account = store.one<Account>('select * from workspaces where id = ?', workspace.id);
  if (!account) return missing('account');
  const unsynced = store.all<{ id: string }>(
    "select id from invoices where workspace = ? and sync = 'failed' order by id",
    workspace.id,
  );
  return page(
    'Billing',
    html`${heading(
        'Billing',
        `What ${workspace.name} pays Fernway, and how its own invoices reach accounting`,
        acts(context, [{ action: 'billing.changePlan', label: 'Change plan', to: '/billing/plan' }]),
      )}
      ${unsynced.map(
        ({ id }) => html`<p class="note bad">Accounting has not taken <a href="/invoices/${id}">${id}</a>.</p>`,
      )}
      <section class="card">
        <dl>
          <dt>Plan</dt>
          <dd>${account.plan}, ${money(account.cents_a_month)} a month</dd>
          <dt>Renews</dt>
          <dd>${day(account.renews)}</dd>
          <dt>Card</dt>
          <dd>${fields.shown('card.number', account.card)}</dd>
          <dt>Bank account</dt>
          <dd>${fields.shown('bank.iban', account.iban)}</dd>
          <dt>Receipts go to</dt>
          <dd>${fields.shown('member.email', account.billing_email)}</dd>
        </dl>
      </section>`,
  );
}

export function changePlan({ store, workspace, reader }: Context): Answer {
  store.change(() => {
    store.run(
      "update workspaces set plan = case plan when 'Team' then 'Starter' else 'Team' end, cents_a_month = case plan when 'Team' then 2900 else 9900 end where id = ?",
      workspace.id,
    );
    noteActivity(store, workspace.id, reader.name, 'changed the plan');
  });
  return { kind: 'go', to: '/billing' };
}

interface Integration {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly note: string;
  readonly secret: string;
}

export function integrations(context: Context): Answer {
  const { store, workspace, fields, reader, may } = context;
  const rows = store.all<Integration>('select * from integrations where workspace = ? order by name', workspace.id);
  return page(
    'Integrations',
    html`${heading('Integrations', 'Other services that work with this workspace')}
    ${rows.map(
      ({ id, name, state, note, secret }) =>
        html`<section class="card">
          ${heading2(name, state)}
          <p>${note}</p>
          <dl>
            <dt>API key</dt>
            <dd>
              ${reader.onVisit || may('integration.disconnect') ? fields.shown('integration.secret', secret) : 'Only admins see it.'}
            </dd>
          </dl>
          ${
            state !== 'off' &&
            acts(context, [
              { action: 'integration.disconnect', label: 'Disconnect', to: `/integrations/${id}/disconnect` },
            ])
          }
        </section>`,
    )}`,
  );
}

function heading2(name: string, state: string) {
  return html`<h2>${name} ${tag(state)}</h2>`;
}

export function disconnect({ store, workspace, reader, params }: Context): Answer {
  const id = params['id'] ?? '';
  const done = store.change(() => {
    const sql = "update integrations set state = 'off', note = ? where id = ? and workspace = ? and state <> 'off'";
    if (store.run(sql, `Switched off by ${reader.name}.`, id, workspace.id) === 0) return false;
    noteActivity(store, workspace.id, reader.name, `switched off ${id}`);
    return true;
  });
  return done ? { kind: 'go', to: '/integrations' } : missing('integration');
}

function totalOf({ cents, tax_percent }: Invoice): number {
  return cents + Math.round((cents * tax_percent) / 100);
}
