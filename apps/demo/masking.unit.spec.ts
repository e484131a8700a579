import { describe, expect, it } from '@jest/globals';
import type { MaskKind } from '@gatebook/protocol';
import { escapeHtml, html } from './html.ts';
import { fieldsBehind, masked } from './masking.ts';

describe('Markup', () => {
  it('escapes every hole that is not markup, in text and in attributes', () => {
    const hostile = `<img src=x onerror='a()'>"\`&`;
    expect(escapeHtml(hostile)).toBe('&#60;img src=x onerror=&#39;a()&#39;&#62;&#34;&#96;&#38;');
    expect(html`<p title="${hostile}">${[hostile, html`<b>${'<i>'}</b>`]}</p>`.text).toBe(
      `<p title="${escapeHtml(hostile)}">${escapeHtml(hostile)}<b>&#60;i&#62;</b></p>`,
    );
  });

  it('shows nothing for what is not there, and zero for zero', () => {
    expect(html`${null}${undefined}${false}${0}${''}`.text).toBe('0');
  });
});

describe('A mask', () => {
  it.each<[MaskKind, string, string]>([
    ['email', 'ada.fields@bluebird.example', 'a•••••@bluebird.example'],
    ['email', 'a@b.example', 'a•••••@b.example'],
    ['email', 'no address', '••••••••'],
    ['email', '@bluebird.example', '••••••••'],
    ['last2', 'DE02 1203 0000 0000 2020 51', '•••• 51'],
    ['last4', '4242 4242 4242 4242', '•••• 4242'],
    ['last4', '42424242', '••••••••'],
    ['last4', '', ''],
    ['phone', '+44 20 7946 0181', '•••• 81'],
    ['secret', 'made-up-key', '••••••••'],
    ['personal-id', 'PT 509 442 013', '••••••••'],
    ['hidden', 'asked not to be called', '••••••••'],
    ['from-a-later-version' as MaskKind, 'anything', '••••••••'],
  ])('of kind %s leaves of %j only %j', (kind, value, left) => {
    expect(masked(kind, value)).toBe(left);
  });

  it('is put on the fields that the visit names, and on e-mail addresses in what people wrote', () => {
    const fields = fieldsBehind({ 'customer.email': 'email' });
    expect(fields.text('customer.email', 'ada@bluebird.example')).toBe('a•••••@bluebird.example');
    expect(fields.text('customer.phone', '+44 20 7946 0181')).toBe('+44 20 7946 0181');
    expect(fields.shown('customer.email', 'ada@bluebird.example').text).toBe(
      '<span class="masked">a•••••@bluebird.example</span> <span class="mask-note">Masked: e-mail</span>',
    );
    expect(fields.prose('Write to ada@bluebird.example, or (bea@bluebird.example).')).toBe(
      'Write to a•••••@bluebird.example, or (b•••••@bluebird.example).',
    );
  });

  it('is not there for a member, nor for a field that is named like a part of every object', () => {
    const fields = fieldsBehind({});
    expect(fields.shown('customer.email', 'ada@<b>').text).toBe('ada@&#60;b&#62;');
    expect(fields.prose('ada@bluebird.example')).toBe('ada@bluebird.example');
    expect(fields.isMasked('constructor')).toBe(false);
  });
});
