import { html, type Markup } from './html.ts';
import { acts, day, heading, missing, money, page, table, tag, type Answer, type Context } from './layout.ts';
import { noteActivity } from './pages-inbox.ts';

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly email: string;
  readonly phone: string;
  readonly tax_id: string;
  readonly note: string;
  readonly since: string;
  readonly portal_token: string;
}

export function customers(context: Context): Answer {
  const { store, workspace, query, fields, shows } = context;
  const search = (query.get('q') ?? '').trim().slice(0, 100);
  // A masked address can't be guessed by searching for it either.
  const searched = fields.isMasked('customer.email') ? ['name', 'contact'] : ['name', 'contact', 'email'];
  const rows = store.all<Customer>(
    `select * from customers where workspace = ? and (${searched.map((column) => `instr(lower(${column}), lower(?)) > 0`).join(' or ')}) order by name`,
    workspace.id,
    ...searched.map(() => search),
  );
  shows(rows.length);
  return page(
    'Customers',
    html`${heading(
        'Customers',
        `${rows.length} ${rows.length === 1 ? 'customer' : 'customers'}`,
        acts(context, [{ action: 'customers.export', label: 'Export', to: '/customers/export.csv', get: true }]),
      )}
      <form class="search" method="get" action="/customers">
        <div><label for="q">Search</label><input id="q" name="q" type="search" value="${search}" /></div>
        <button class="plain">Search</button>
      </form>
      ${table(
        ['Customer', 'Contact', 'E-mail', 'Phone'],
        rows.map(
          (row) =>
            html`<tr>
              <td><a href="/customers/${row.id}">${row.name}</a></td>
              <td>${row.contact}</td>
              <td>${fields.cell('customer.email', row.email, row.id)}</td>
              <td>${fields.cell('customer.phone', row.phone, row.id)}</td>
            </tr>`,
        ),
        'No customer is called that.',
      )}`,
  );
}

export function customer(context: Context): Answer {
  const { store, workspace, params, fields, reader } = context;
  const found = customerOf(context);
  if (!found) return missing('customer');
  const invoices = store.all<{ id: string; issued: string; status: string; cents: number }>(
    'select id, issued, status, cents from invoices where customer = ? and workspace = ? order by issued desc',
    params['id'] ?? '',
    workspace.id,
  );
  return page(
    found.name,
    html`${heading(
        found.name,
        html`Customer since ${day(found.since)}`,
        acts(context, [{ action: 'customer.delete', label: 'Delete', to: `/customers/${found.id}/delete` }]),
      )}
      <section class="card">
        <dl>
          <dt>Contact</dt>
          <dd>${found.contact}</dd>
          <dt>E-mail</dt>
          <dd>${fields.shown('customer.email', found.email, found.id)}</dd>
          <dt>Phone</dt>
          <dd>${fields.shown('customer.phone', found.phone, found.id)}</dd>
          <dt>Tax id</dt>
          <dd>${fields.shown('customer.taxId', found.tax_id, found.id)}</dd>
          ${
            found.note !== '' &&
            html`<dt>Note</dt>
              <dd>${fields.shown('customer.note', found.note, found.id)}</dd>`
          }
          ${
            !reader.onVisit &&
            html`<dt>Portal</dt>
              <dd><a href="/c/${found.portal_token}">What ${found.contact} sees</a></dd>`
          }
        </dl>
      </section>
      ${table(
        ['Invoice', 'Issued', 'Status', 'Net'],
        invoices.map(
          ({ id, issued, status, cents }) =>
            html`<tr>
              <td><a href="/invoices/${id}">${id}</a></td>
              <td>${day(issued)}</td>
              <td>${tag(status)}</td>
              <td class="number">${money(cents)}</td>
            </tr>`,
        ),
        'No invoices yet.',
      )}`,
  );
}

export function deleteCustomer(context: Context): Answer {
  const { store, workspace, reader } = context;
  const found = customerOf(context);
  if (!found) return missing('customer');
  const used = store.one(
    'select 1 from invoices where customer = ? union all select 1 from inquiries where customer = ? limit 1',
    found.id,
    found.id,
  );
  if (used) {
    const why = html`<p>${found.name} has invoices or inquiries, which the law lets nobody delete.</p>`;
    return page('Not deleted', html`${heading('Not deleted')}${why}`, 409);
  }
  store.change(() => {
    store.run('delete from customers where id = ? and workspace = ?', found.id, workspace.id);
    noteActivity(store, workspace.id, reader.name, `deleted customer ${found.name}`);
  });
  return { kind: 'go', to: '/customers' };
}

export function exportCustomers({ store, workspace, fields }: Context): Answer {
  const rows = store.all<Customer>('select * from customers where workspace = ? order by name', workspace.id);
  const lines = [
    ['id', 'name', 'contact', 'email', 'phone', 'tax id', 'since'],
    ...rows.map((row) => [
      row.id,
      row.name,
      row.contact,
      fields.text('customer.email', row.email),
      fields.text('customer.phone', row.phone),
      fields.text('customer.taxId', row.tax_id),
      row.since,
    ]),
  ];
  const text = lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n');
  return { kind: 'file', name: 'customers.csv', type: 'text/csv; charset=utf-8', text: `${text}\r\n` };
}

/** A cell that no spreadsheet takes for a formula. */
function csvCell(value: string): string {
  return `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}

export function files({ store, workspace }: Context): Answer {
  const rows = store.all<{ name: string; kilobytes: number }>(
    'select name, kilobytes from files where workspace = ? order by name',
    workspace.id,
  );
  return page(
    'Files',
    html`${heading('Files', 'What your customers and you have shared')}
    ${table(
      ['File', 'Size'],
      rows.map(
        ({ name, kilobytes }) =>
          html`<tr>
            <td>${name}</td>
            <td class="number">${kilobytes} kB</td>
          </tr>`,
      ),
      'No files yet.',
    )}`,
  );
}

/** What a customer's customer sees, whoever has the address. */
export function portal(store: Context['store'], token: string): { title: string; body: Markup } | undefined {
  const found = store.one<Customer & { workspaceName: string }>(
    'select c.*, w.name as workspaceName from customers c join workspaces w on w.id = c.workspace where portal_token = ?',
    token,
  );
  if (!found) return undefined;
  const invoices = store.all<{ id: string; issued: string; item: string; status: string }>(
    'select id, issued, item, status from invoices where customer = ? order by issued desc',
    found.id,
  );
  return {
    title: `${found.name} at ${found.workspaceName}`,
    body: html`${heading(`Hello ${found.contact}`, `Your invoices from ${found.workspaceName}`)}
    ${table(
      ['Invoice', 'Issued', 'Status'],
      invoices.map(
        ({ id, issued, item, status }) =>
          html`<tr>
            <td>${item}<br /><span class="quiet">${id}</span></td>
            <td>${day(issued)}</td>
            <td>${tag(status)}</td>
          </tr>`,
      ),
      'No invoices yet.',
    )}`,
  };
}

function customerOf({ store, workspace, params }: Context): Customer | undefined {
  return store.one<Customer>(
    'select * from customers where id = ? and workspace = ?',
    params['id'] ?? '',
    workspace.id,
  );
}
