import { MASK_KINDS, type MaskKind } from '@gatebook/protocol';
import { html, type Markup } from './html.ts';

const DOTS = '••••••••';
const EMAIL = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+/g;

/** What is left of a value, by kind of mask. Lengths don't show: a mask has as many dots as any other. */
const MASKS: Readonly<Record<MaskKind, (value: string) => string>> = {
  email: (value) => {
    const at = value.lastIndexOf('@');
    return at > 0 ? `${firstOf(value)}•••••${value.slice(at)}` : DOTS;
  },
  last2: (value) => lastOf(value, 2),
  last4: (value) => lastOf(value, 4),
  phone: (value) => lastOf(value, 2),
  secret: () => DOTS,
  'personal-id': () => DOTS,
  hidden: () => DOTS,
};

const WORDS: Readonly<Record<MaskKind, string>> = {
  email: 'e-mail',
  last2: 'only the end is shown',
  last4: 'only the end is shown',
  phone: 'phone number',
  secret: 'secret, never shown',
  'personal-id': 'personal id',
  hidden: 'hidden',
};

export type Masks = Readonly<Record<string, MaskKind>>;

/** What a visit may show of what is masked, and how the rest is asked for. */
export interface Reveals {
  /** Address of the page, to which the form that shows a value posts. */
  readonly path: string;
  /** The value that this very answer may hold. */
  readonly revealed?: { readonly field: string; readonly record?: string } | undefined;
  /** The value that the visit may show, once. */
  readonly may?: { readonly name: string; readonly record: string | null; readonly isShown: boolean } | undefined;
  /** Where the value can be asked for. */
  readonly askFor: (field: string, record?: string) => string | undefined;
}

/** The fields of one request, as its reader may see them. */
export interface Fields {
  readonly isMasked: (field: string) => boolean;
  readonly text: (field: string, value: string) => string;
  /** With a note of why it isn't shown whole, and what can be done about it; `record`: whose value it is. */
  readonly shown: (field: string, value: string, record?: string) => Markup;
  /** The same in a table: without the note. */
  readonly cell: (field: string, value: string, record?: string) => Markup;
  /** Text that people wrote: e-mail addresses in it are masked where customers' are. */
  readonly prose: (value: string) => string;
}

/** A value as it may leave the product. A kind of mask that this version doesn't know hides all of it. */
export function masked(kind: MaskKind, value: string): string {
  if (value === '') return '';
  return MASK_KINDS.includes(kind) ? MASKS[kind](value) : DOTS;
}

/** The names in the form that shows a masked value. */
export const REVEAL = { field: 'reveal', record: 'of' } as const;

export function fieldsBehind(masks: Masks, reveals?: Reveals): Fields {
  const maskOf = (field: string) => (Object.hasOwn(masks, field) ? masks[field] : undefined);
  const text = (field: string, value: string) => {
    const kind = maskOf(field);
    return kind === undefined ? value : masked(kind, value);
  };
  const isRevealed = (field: string, record: string | undefined) =>
    reveals?.revealed?.field === field && reveals.revealed.record === record;
  const showOnce = (field: string, record: string | undefined) =>
    reveals?.may?.name === field && reveals.may.record === (record ?? null) && !reveals.may.isShown
      ? html`<form class="show-once" method="post" action="${reveals.path}">
          <input type="hidden" name="${REVEAL.field}" value="${field}" />
          ${record !== undefined && html`<input type="hidden" name="${REVEAL.record}" value="${record}" />`}
          <button class="plain" aria-label="Show once: ${field}">Show once</button>
        </form>`
      : undefined;
  return {
    isMasked: (field) => maskOf(field) !== undefined,
    text,
    shown: (field, value, record) => {
      const kind = maskOf(field);
      if (kind === undefined || value === '') return html`${value}`;
      if (isRevealed(field, record))
        return html`<b class="revealed">${value}</b>
          <span class="mask-note">Shown once, as approved. The customer reads that you saw it.</span>`;
      const note = MASK_KINDS.includes(kind) ? WORDS[kind] : WORDS.hidden;
      const ask = reveals?.askFor(field, record);
      const way =
        showOnce(field, record) ??
        (ask === undefined
          ? undefined
          : html`<a class="ask" href="${ask}" aria-label="Ask to see it: ${field}">Ask to see it</a>`);
      return html`<span class="masked">${masked(kind, value)}</span>
        <span class="mask-note">Masked: ${note}</span> ${way}`;
    },
    cell: (field, value, record) => {
      if (isRevealed(field, record)) return html`<b class="revealed">${value}</b>`;
      return html`${text(field, value)} ${maskOf(field) !== undefined && showOnce(field, record)}`;
    },
    prose: (value) =>
      maskOf('customer.email') === undefined
        ? value
        : value.replaceAll(EMAIL, (found) => text('customer.email', found)),
  };
}

function firstOf(value: string): string {
  return [...value][0] ?? '';
}

/** The last letters and digits, but never the whole of a short value. */
function lastOf(value: string, count: number): string {
  const characters = [...value.replaceAll(/[^\p{L}\p{N}]/gu, '')];
  return characters.length > count * 2 ? `•••• ${characters.slice(-count).join('')}` : DOTS;
}
