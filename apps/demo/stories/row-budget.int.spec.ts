import { expect, it } from '@jest/globals';
import { Asking } from '#server/testing/asking';
import { startWithPolicy } from './with-policy.ts';

it('A visit that is shown more rows than its budget ends, and its last line says why (policy.md)', async () => {
  const service = await startWithPolicy('preset: default\nsession: { rowsInAll: 45 }\n');
  try {
    await service.enable();
    const inside = await service.enter();
    // Twenty each, as the catalogue says; the product counts the rest itself.
    expect((await service.view(inside, 'inquiries')).body.decision).toBe(true);
    expect((await service.view(inside, 'invoices')).body.decision).toBe(true);
    expect((await service.view(inside, 'customers', { rows: 5 })).body.decision).toBe(true);
    expect((await service.view(inside, 'dashboard')).body.decision).toBe(true);
    const { body } = await service.view(inside, 'invoice', { record: 'INV-88' });
    expect(body).toMatchObject({
      decision: false,
      context: { rule: 'pagesAreWithinBudget', ended: { cause: 'too fast', at: '2026-11-21T09:00:00.000Z' } },
    });
    const acme = new Asking(service);
    const facts = await acme.facts();
    expect(facts.filter(({ type }) => type === 'PageViewed').map(({ data }) => data['rows'])).toEqual([
      20,
      20,
      5,
      undefined,
    ]);
    expect(facts.at(-1)).toMatchObject({ type: 'SessionEnded', data: { cause: 'too fast' } });
    const wrong = await service.view(inside, 'invoices', { rows: -1 });
    expect(wrong.status).toBe(400);
  } finally {
    await service.close();
  }
});
