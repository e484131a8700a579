import type { Asked } from '@gatebook/host/express';
import type { MemberRole } from '@gatebook/protocol';
import type { Answer, Context } from './layout.ts';
import { billing, changePlan, disconnect, integrations, invoice, invoices, retrySync } from './pages-billing.ts';
import { customer, customers, deleteCustomer, exportCustomers, files } from './pages-customers.ts';
import { closeInquiry, dashboard, inquiries, inquiry, inquiryChart, reply } from './pages-inbox.ts';
import { changeRole, changeSetting, labs, settings, team } from './pages-team.ts';
import { REVEAL } from './masking.ts';
import type { Store } from './store.ts';

/**
 * An address of a workspace, what serves it, and what Gatebook is asked for it: one table for both, so that a page can't
 * be shown under another name than it was asked for.
 */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly asks: { readonly page: string; readonly rows?: 'counted' } | { readonly action: string } | 'part';
  /** The parameter that holds the record's id, and the table that it is in. */
  readonly record?: { readonly param: string; readonly table?: RecordTable };
  /** A page with masked values: it can be opened by POST as well, to show the one that was approved. */
  readonly reveals?: true;
  /** Fields of the form that say what the action does: they are part of what is asked, and of what was approved. */
  readonly takes?: readonly string[];
  readonly serve: (context: Context) => Answer;
}

type RecordTable = 'customers' | 'inquiries' | 'invoices' | 'integrations';

const inquiryRecord = { param: 'id', table: 'inquiries' } as const;
const invoiceRecord = { param: 'id', table: 'invoices' } as const;
const customerRecord = { param: 'id', table: 'customers' } as const;

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/', asks: { page: 'dashboard' }, serve: dashboard },
  { method: 'GET', path: '/parts/inquiries.svg', asks: 'part', serve: inquiryChart },
  { method: 'GET', path: '/inquiries', asks: { page: 'inquiries', rows: 'counted' }, serve: inquiries },
  {
    method: 'GET',
    path: '/inquiries/:id',
    asks: { page: 'inquiry' },
    record: inquiryRecord,
    reveals: true,
    serve: inquiry,
  },
  {
    method: 'POST',
    path: '/inquiries/:id/reply',
    asks: { action: 'inquiry.reply' },
    record: inquiryRecord,
    takes: ['body'],
    serve: reply,
  },
  {
    method: 'POST',
    path: '/inquiries/:id/close',
    asks: { action: 'inquiry.close' },
    record: inquiryRecord,
    serve: closeInquiry,
  },
  { method: 'GET', path: '/customers', asks: { page: 'customers', rows: 'counted' }, reveals: true, serve: customers },
  { method: 'GET', path: '/customers/export.csv', asks: { action: 'customers.export' }, serve: exportCustomers },
  { method: 'GET', path: '/customers/:id', asks: { page: 'customer' }, record: customerRecord, serve: customer },
  {
    method: 'POST',
    path: '/customers/:id/delete',
    asks: { action: 'customer.delete' },
    record: customerRecord,
    serve: deleteCustomer,
  },
  { method: 'GET', path: '/files', asks: { page: 'files' }, serve: files },
  { method: 'GET', path: '/billing', asks: { page: 'billing' }, reveals: true, serve: billing },
  { method: 'POST', path: '/billing/plan', asks: { action: 'billing.changePlan' }, serve: changePlan },
  { method: 'GET', path: '/invoices', asks: { page: 'invoices', rows: 'counted' }, serve: invoices },
  {
    method: 'GET',
    path: '/invoices/:id',
    asks: { page: 'invoice' },
    record: invoiceRecord,
    reveals: true,
    serve: invoice,
  },
  {
    method: 'POST',
    path: '/invoices/:id/retry-sync',
    asks: { action: 'invoice.retrySync' },
    record: invoiceRecord,
    serve: retrySync,
  },
  { method: 'GET', path: '/integrations', asks: { page: 'integrations' }, serve: integrations },
  {
    method: 'POST',
    path: '/integrations/:id/disconnect',
    asks: { action: 'integration.disconnect' },
    record: { param: 'id', table: 'integrations' },
    serve: disconnect,
  },
  { method: 'GET', path: '/team', asks: { page: 'team' }, reveals: true, serve: team },
  {
    method: 'POST',
    path: '/team/:sub/role',
    asks: { action: 'team.changeRole' },
    record: { param: 'sub' },
    serve: changeRole,
  },
  { method: 'GET', path: '/settings', asks: { page: 'settings' }, serve: settings },
  {
    method: 'POST',
    path: '/settings/:name',
    asks: { action: 'settings.change' },
    record: { param: 'name' },
    takes: ['value'],
    serve: changeSetting,
  },
  // Not in the catalogue, on purpose.
  { method: 'GET', path: '/labs', asks: { page: 'labs' }, serve: labs },
];

/** Addresses that show nothing of the workspace of whoever is signed in; `/c/...` is somebody's portal, and is asked about. */
const PUBLIC = ['/staff', '/sign-in', '/sign-out', '/fernway.css', '/fernway.svg'];

/** Which roles may do what, from the strongest down to the one named. */
const NEEDED: Readonly<Record<string, MemberRole>> = {
  'inquiry.reply': 'agent',
  'inquiry.close': 'agent',
  'invoice.retrySync': 'manager',
  'settings.change': 'admin',
  'integration.disconnect': 'admin',
  'customer.delete': 'admin',
  'customers.export': 'admin',
  'team.changeRole': 'admin',
  'billing.changePlan': 'owner',
};
const RANK: Readonly<Record<MemberRole, number>> = { owner: 4, admin: 3, manager: 2, agent: 1, viewer: 0 };

export function roleMay(role: MemberRole, action: string): boolean {
  const needed = NEEDED[action];
  return needed !== undefined && RANK[role] >= RANK[needed];
}

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const PATTERNS = ROUTES.map((route) => ({ route, segments: route.path.split('/') }));

/** The route of an address, literally: another case, a slash at the end or a broken escape is no address of ours. */
export function routeOf(method: string, path: string): Matched | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  let given: string[];
  try {
    given = path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  for (const { route, segments } of PATTERNS) {
    const shows = wanted === 'POST' && route.reveals;
    if ((route.method !== wanted && !shows) || segments.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = segments.every((segment, at) => {
      const part = given[at] ?? '';
      if (!segment.startsWith(':')) return segment === part;
      params[segment.slice(1)] = part;
      return part !== '';
    });
    if (fits) return { route, params };
  }
  return undefined;
}

/** Whether the form has to be read before Gatebook is asked: an action is asked about as it would be done. */
export function asksWithForm(method: string, path: string): boolean {
  const route = routeOf(method, path)?.route;
  return route?.takes !== undefined || (method === 'POST' && route?.reveals === true);
}

/** What Gatebook is asked for a request, by the catalogue's names; what has no route is left to it to refuse. */
export function askedFor(
  method: string,
  path: string,
  store: Store,
  form: Readonly<Record<string, string>> = {},
): Asked | undefined {
  if (PUBLIC.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return 'public';
  // A portal's address is a secret: it names no record.
  if (/^\/c\/[^/]+$/.test(path)) return { page: 'portal' };
  const matched = routeOf(method, path);
  if (!matched) return undefined;
  const { route, params } = matched;
  const reveals = revealOf(method, route, form);
  if (reveals === null) return undefined;
  if (route.asks === 'part') return route.asks;
  if (!route.record) return { ...route.asks, ...reveals };
  const record = params[route.record.param] ?? '';
  const { table } = route.record;
  const found = table && store.one<{ workspace: string; name?: string }>(RECORDS[table], record);
  const given = route.takes && Object.fromEntries(route.takes.map((field) => [field, form[field] ?? '']));
  const named = {
    ...route.asks,
    ...reveals,
    record,
    ...(found && { workspace: found.workspace }),
    ...(given && { arguments: given }),
  };
  return 'page' in named && found?.name !== undefined ? { ...named, title: `Customer ${found.name}` } : named;
}

/** The value that a page opened by POST is to show; `null`: it names none, and so is no opening of the page. */
function revealOf(method: string, route: Route, form: Readonly<Record<string, string>>) {
  if (method !== 'POST' || !route.reveals) return undefined;
  const { [REVEAL.field]: field = '', [REVEAL.record]: record } = form;
  return field === '' ? null : { reveals: { field, ...(record !== undefined && { record }) } };
}

const RECORDS: Readonly<Record<RecordTable, string>> = {
  customers: 'select workspace, name from customers where id = ?',
  inquiries: 'select workspace from inquiries where id = ?',
  invoices: 'select workspace from invoices where id = ?',
  integrations: 'select workspace from integrations where id = ?',
};
