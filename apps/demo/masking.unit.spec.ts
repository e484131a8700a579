import { describe, expect, it } from '@jest/globals';
import type { MaskKind } from '@gatebook/protocol';
import { escapeHtml, html } from './html.ts';
import { fieldsBehind, masked, type Reveals } from './masking.ts';

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
    expect(fields.shown('customer.email', 'ada@bluebird.example').text.replaceAll(/\s+/g, ' ').trim()).toBe(
      '<span class="masked">a•••••@bluebird.example</span> <span class="mask-note">Masked: e-mail</span>',
    );
    expect(fields.prose('Write to ada@bluebird.example, or (bea@bluebird.example).')).toBe(
      'Write to a•••••@bluebird.example, or (b•••••@bluebird.example).',
    );
  });

  const visit = (more: Partial<Reveals>): Reveals => ({
    path: '/inquiries/INQ-1',
    askFor: (field, record) => `https://gatebook.example/ask?field=${field}&record=${record}`,
    ...more,
  });
  const may = { name: 'customer.email', record: 'cus_81', isShown: false };
  const note = '<span class="masked">a•••••@bluebird.example</span> <span class="mask-note">Masked: e-mail</span>';
  const shownOf = (reveals: Reveals, record: string) =>
    fieldsBehind({ 'customer.email': 'email' }, reveals)
      .shown('customer.email', 'ada@bluebird.example', record)
      .text.replaceAll(/\s+/g, ' ');

  it('leads to where the value can be asked for, or to the button that shows the one that was approved', () => {
    expect(shownOf(visit({}), 'cus_81')).toBe(
      `${note} <a class="ask" href="https://gatebook.example/ask?field=customer.email&#38;record=cus_81" aria-label="Ask to see it: customer.email">Ask to see it</a>`,
    );
    expect(shownOf(visit({ askFor: () => undefined }), 'cus_81')).toBe(`${note} `);
    const button = shownOf(visit({ may }), 'cus_81');
    expect(button).toContain('<form class="show-once" method="post" action="/inquiries/INQ-1">');
    expect(button).toContain('<input type="hidden" name="reveal" value="customer.email" />');
    expect(button).toContain('<input type="hidden" name="of" value="cus_81" />');
    expect(button).not.toContain('Ask to see it');
    expect(shownOf(visit({ may }), 'cus_82')).not.toContain('Show once');
    expect(shownOf(visit({ may: { ...may, isShown: true } }), 'cus_81')).not.toContain('Show once');
  });

  it('is off for the one value that was approved, and for no other record’s', () => {
    const reveals = visit({ revealed: { field: 'customer.email', record: 'cus_81' }, may: { ...may, isShown: true } });
    expect(shownOf(reveals, 'cus_81')).toBe(
      '<b class="revealed">ada@bluebird.example</b> <span class="mask-note">Shown once, as approved. The customer reads that you saw it.</span>',
    );
    expect(shownOf(reveals, 'cus_82')).toContain(note);
    const fields = fieldsBehind({ 'customer.email': 'email', 'customer.phone': 'phone' }, reveals);
    expect(fields.cell('customer.email', 'ada@bluebird.example', 'cus_82').text.trim()).toBe('a•••••@bluebird.example');
    expect(fields.cell('customer.phone', '+44 20 7946 0181', 'cus_81').text.trim()).toBe('•••• 81');
    expect(fields.text('customer.email', 'ada@bluebird.example')).toBe('a•••••@bluebird.example');
  });

  it('is not there for a member, nor for a field that is named like a part of every object', () => {
    const fields = fieldsBehind({});
    expect(fields.shown('customer.email', 'ada@<b>').text).toBe('ada@&#60;b&#62;');
    expect(fields.prose('ada@bluebird.example')).toBe('ada@bluebird.example');
    expect(fields.isMasked('constructor')).toBe(false);
  });
});
