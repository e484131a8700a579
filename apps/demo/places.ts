import { html, type Markup } from './html.ts';
import type { Context } from './layout.ts';
import type { Store } from './store.ts';

interface Place {
  readonly to: string;
  readonly label: string;
}

/** The pages on which the value of a field stands: what was approved by name is found by it. */
function placesOf(store: Store, workspace: string, field: string, record: string | null): readonly Place[] {
  const ofCustomer = (table: 'inquiries' | 'invoices', word: string) =>
    store
      .all<{ id: string }>(
        `select id from ${table} where workspace = ? and customer = ? order by id limit 3`,
        workspace,
        record ?? '',
      )
      .map(({ id }) => ({ to: `/${table}/${id}`, label: `${word} ${id}` }));
  const billing = { to: '/billing', label: 'Billing' };
  switch (field) {
    case 'customer.email':
      return [...ofCustomer('inquiries', 'Inquiry'), ...ofCustomer('invoices', 'Invoice')];
    case 'customer.taxId':
      return ofCustomer('invoices', 'Invoice');
    case 'customer.phone':
      return [{ to: '/customers', label: 'Customers' }];
    case 'card.number':
      return record === null ? [billing] : ofCustomer('invoices', 'Invoice');
    case 'bank.iban':
      return [billing];
    case 'member.email':
      return record === null ? [billing] : [{ to: '/team', label: 'Team' }];
    default:
      return [];
  }
}

/** Of a visit that may show one masked value: where it stands. */
export function whereItStands({ store, workspace, mayReveal }: Context): Markup {
  if (!mayReveal || mayReveal.isShown) return html``;
  const places = placesOf(store, workspace.id, mayReveal.name, mayReveal.record);
  return html`<section class="card">
    <h2>You may see ${mayReveal.label}, once</h2>
    ${
      places.length === 0
        ? html`<p>It stands on no page of ${workspace.name}.</p>`
        : html`<p>Press “Show once” beside it, on one of these pages:</p>
            <ul class="plain-list">
              ${places.map(({ to, label }) => html`<li><a href="${to}">${label}</a></li>`)}
            </ul>`
    }
  </section>`;
}
