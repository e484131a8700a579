import type { RequestKind } from '../request/request.ts';
import type { WantedAction } from '../request/request-access.ts';
import type { MemberName } from './cast.ts';

export type Page = 'dashboard' | 'billing' | 'invoice' | 'inquiry' | 'team' | 'customer' | 'keys' | 'nope';

/** What can be opened, in the order of the catalogue: the area that a page is in, if any. */
export const VIEWABLE: readonly Page[] = ['dashboard', 'billing', 'invoice', 'inquiry', 'team'];
export const isBilling = (page: Page): boolean => page === 'billing' || page === 'invoice';

const deed = (name: string, target: string | null, args: Record<string, unknown> | null = null): WantedAction => ({
  name,
  target,
  arguments: args,
});

export const DEEDS = {
  retry: deed('invoice.retrySync', 'INV-88'),
  'retry with ten': deed('invoice.retrySync', 'INV-88', { amount: 10 }),
  'retry with 10': deed('invoice.retrySync', 'INV-88', { amount: '10' }),
  'retry another': deed('invoice.retrySync', 'INV-99'),
  'retry nothing': deed('invoice.retrySync', null),
  delete: deed('customer.delete', 'cus_81'),
  'delete nobody': deed('customer.delete', null),
  export: deed('report.export', null),
  portal: deed('portal.open', null),
  unheard: deed('invoice.unheard', 'INV-88'),
} satisfies Record<string, WantedAction>;
export type DeedName = keyof typeof DEEDS;
export const DEED_NAMES = Object.keys(DEEDS) as readonly DeedName[];

/** A deed as a text that is the same for the same deed: without arguments and with none are the same. */
export const deedText = (deed: WantedAction): string =>
  JSON.stringify([deed.name, deed.target, Object.entries(deed.arguments ?? {}).sort()]);

export type FieldName = 'customer.email' | 'card.number' | 'user.password' | 'customer.note' | 'nope';
const field = (name: FieldName, record = 'cus_81') => ({ field: name, record });
export type Field = ReturnType<typeof field>;
export const FIELDS = {
  email: field('customer.email'),
  'email of another': field('customer.email', 'cus_82'),
  card: field('card.number'),
  password: field('user.password'),
  note: field('customer.note'),
  unheard: field('nope'),
};
export type FieldWish = keyof typeof FIELDS;
export const FIELD_WISHES = Object.keys(FIELDS) as readonly FieldWish[];

export interface Wish {
  readonly kind: RequestKind;
  /** As whom; a member that never was, too. */
  readonly viewAs?: MemberName | 'nobody';
  readonly job?: string;
  readonly pages?: readonly Page[];
  readonly deed?: DeedName;
  readonly field?: FieldWish;
  /** Names the visit that it goes on from. */
  readonly extends?: true;
  /** Nobody could ever grant it, or it doesn't say what it is. */
  readonly bad?: true;
}

export const WISHES = {
  read: { kind: 'read' },
  'read for a job': { kind: 'read', job: 'invoice-sync' },
  'read one page': { kind: 'read', pages: ['billing'] },
  'read as the owner': { kind: 'read', viewAs: 'maria' },
  'read as a viewer': { kind: 'read', viewAs: 'vic' },
  'read as nobody': { kind: 'read', viewAs: 'nobody' },
  'read for no such job': { kind: 'read', job: 'nope', bad: true },
  'read what is sensitive': { kind: 'read', pages: ['customer'], bad: true },
  'read no such page': { kind: 'read', pages: ['nope'], bad: true },
  'read keys': { kind: 'sensitive entry', pages: ['keys'], bad: true },
  'read and write': { kind: 'read', deed: 'retry', bad: true },
  write: { kind: 'write', deed: 'retry' },
  'write with arguments': { kind: 'write', deed: 'retry with ten' },
  'write another': { kind: 'write', deed: 'retry another' },
  'write for a job': { kind: 'write', job: 'invoice-fix', deed: 'retry' },
  'write with pages': { kind: 'write', deed: 'retry', pages: ['invoice', 'team'] },
  delete: { kind: 'write', deed: 'delete' },
  'delete nobody': { kind: 'write', deed: 'delete nobody', bad: true },
  'delete for a job': { kind: 'write', job: 'invoice-fix', deed: 'delete', bad: true },
  'write nothing': { kind: 'write', bad: true },
  'write what is never': { kind: 'write', deed: 'portal', bad: true },
  'write what is unheard of': { kind: 'write', deed: 'unheard', bad: true },
  'write an export': { kind: 'write', deed: 'export', bad: true },
  export: { kind: 'export', deed: 'export' },
  'export nothing': { kind: 'export', deed: 'retry', bad: true },
  reveal: { kind: 'reveal', field: 'email' },
  'reveal the card': { kind: 'reveal', field: 'card', pages: ['billing'] },
  'reveal a secret': { kind: 'reveal', field: 'password', bad: true },
  'reveal what is open': { kind: 'reveal', field: 'note', bad: true },
  'reveal what is unheard of': { kind: 'reveal', field: 'unheard', bad: true },
  'reveal nothing': { kind: 'reveal', bad: true },
  sensitive: { kind: 'sensitive entry', pages: ['customer', 'inquiry'] },
  'sensitive beside billing': { kind: 'sensitive entry', pages: ['customer', 'billing'] },
  'sensitive as the owner': { kind: 'sensitive entry', viewAs: 'maria' },
  'sensitive nothing': { kind: 'sensitive entry', bad: true },
  extend: { kind: 'extension', extends: true },
  'extend nothing': { kind: 'extension', bad: true },
} as const satisfies Record<string, Wish>;
export type WishName = keyof typeof WISHES;
export const WISH_NAMES = Object.keys(WISHES) as readonly WishName[];
export const wishOf = (name: WishName): Wish => WISHES[name];

/** What an approver gives otherwise than it was asked for. */
export interface Otherwise {
  readonly pages?: readonly Page[];
  readonly minutes?: number;
  readonly deed?: DeedName;
}
export const OTHERWISE = {
  'as asked': null,
  nothing: { pages: [] },
  'one page': { pages: ['billing'] },
  'another page': { pages: ['billing', 'team'] },
  'a page that is sensitive': { pages: ['billing', 'customer'] },
  'a page that is never': { pages: ['keys'] },
  'ten minutes': { minutes: 10 },
  'twenty five minutes': { minutes: 25 },
  'a day': { minutes: 1_440 },
  'no minutes': { minutes: 0 },
  'other arguments': { deed: 'retry with ten' },
  'another target': { deed: 'retry another' },
  'no target': { deed: 'retry nothing' },
  'the same': { pages: ['billing', 'invoice'], minutes: 30 },
} as const satisfies Record<string, Otherwise | null>;
export type OtherwiseName = keyof typeof OTHERWISE;
export const OTHERWISE_NAMES = Object.keys(OTHERWISE) as readonly OtherwiseName[];
