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

/** The fields of one request, as its reader may see them. */
export interface Fields {
  readonly isMasked: (field: string) => boolean;
  readonly text: (field: string, value: string) => string;
  /** With a note of why it isn't shown whole. */
  readonly shown: (field: string, value: string) => Markup;
  /** Text that people wrote: e-mail addresses in it are masked where customers' are. */
  readonly prose: (value: string) => string;
}

/** A value as it may leave the product. A kind of mask that this version doesn't know hides all of it. */
export function masked(kind: MaskKind, value: string): string {
  if (value === '') return '';
  return MASK_KINDS.includes(kind) ? MASKS[kind](value) : DOTS;
}

export function fieldsBehind(masks: Masks): Fields {
  const maskOf = (field: string) => (Object.hasOwn(masks, field) ? masks[field] : undefined);
  const text = (field: string, value: string) => {
    const kind = maskOf(field);
    return kind === undefined ? value : masked(kind, value);
  };
  return {
    isMasked: (field) => maskOf(field) !== undefined,
    text,
    shown: (field, value) => {
      const kind = maskOf(field);
      if (kind === undefined || value === '') return html`${value}`;
      const note = MASK_KINDS.includes(kind) ? WORDS[kind] : WORDS.hidden;
      return html`<span class="masked">${masked(kind, value)}</span> <span class="mask-note">Masked: ${note}</span>`;
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
