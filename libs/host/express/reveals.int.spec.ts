import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApprovedField, EvaluationAnswer, EvaluationRequest } from '@gatebook/protocol';
import { aVisit, FakeService, STAFF, WORKSPACE } from '../testing/fake-service.ts';
import { Product } from '../testing/product.ts';

const FIELD: ApprovedField = {
  name: 'customer.email',
  record: 'cus_81',
  label: 'customer.email of cus_81',
  isShown: false,
};
const MASKS = { 'customer.email': 'email', 'card.number': 'last4', 'integration.secret': 'secret' } as const;

let service: FakeService;
let product: Product;
let token: string;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  service.visit.banner = { ...service.visit.banner, field: FIELD };
  product = await Product.start(service, {
    pages: (req) => ({
      page: 'inquiry',
      record: 'INQ-1',
      ...(typeof req.query['show'] === 'string' && {
        reveals: { field: req.query['show'], ...(typeof req.query['of'] === 'string' && { record: req.query['of'] }) },
      }),
    }),
  });
  token = service.token();
  service.decide = (question) => answered(question);
  product.app.use('/inquiry', (req, res) => {
    const { revealed, mayReveal, masks, askFor } = req.gatebook!;
    const links = ['customer.email', 'integration.secret', 'invoice.syncState'].map((field) => askFor(field, 'cus_82'));
    res.send(`<body><main>${JSON.stringify({ revealed, mayReveal, masks, links })}</main></body>`);
  });
});

afterEach(async () => {
  await product.close();
  await service.close();
});

function answered(question: EvaluationRequest): EvaluationAnswer {
  const yes = service.yes(MASKS) as Extract<EvaluationAnswer, { decision: true }>;
  if (question.action.name !== 'reveal') return yes;
  const { view: _, ...context } = yes.context;
  return { ...yes, context: { ...context, banner: { ...context.banner, field: { ...FIELD, isShown: true } } } };
}

async function told(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  return JSON.parse(/<main>(.*)<\/main>/.exec(await response.text())![1]!) as Record<string, unknown>;
}

const shows = (of = 'cus_81') => `/inquiry?show=customer.email&of=${of}`;

describe('a masked value', () => {
  it('is told of with where it could be asked for, and nothing is where it never can be (S1-44)', async () => {
    expect(await told(await product.open('/inquiry', token))).toEqual({
      masks: MASKS,
      mayReveal: FIELD,
      links: [`/ask?${WORKSPACE} CASE-123 customer.email cus_82`, null, null],
    });
  });

  it('is asked about once its page may be opened, with an id of its own, and then shown: this one, and no other', async () => {
    const { revealed, mayReveal, masks } = await told(await product.post(shows(), token, {}));
    expect({ revealed, mayReveal, masks }).toEqual({
      revealed: { field: 'customer.email', record: 'cus_81' },
      mayReveal: { ...FIELD, isShown: true },
      // What another record’s value is masked by.
      masks: MASKS,
    });
    const [page, value, ...others] = service.questions();
    expect(others).toEqual([]);
    expect(page).toMatchObject({ action: { name: 'view' }, resource: { type: 'page', id: 'inquiry' } });
    expect(value).toEqual({
      subject: { type: 'staff', id: STAFF },
      action: { name: 'reveal' },
      resource: { type: 'field', id: 'customer.email', properties: { workspace: WORKSPACE, record: 'cus_81' } },
      context: {
        purpose: 'serve',
        input: true,
        requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/),
      },
    });
  });

  it('stays closed with its page, which is not opened without it', async () => {
    service.decide = (question) =>
      question.action.name === 'reveal'
        ? service.no('This field stays masked in this visit.', {
            rule: 'fieldIsApproved',
            instead: 'Ask for this one field of this one record, with the reason.',
          })
        : answered(question);
    const response = await product.post(shows('cus_9'), token, {});
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('<h1>This field stays masked in this visit.</h1>');
    expect(page).toContain(`href="/ask?${WORKSPACE} CASE-123 customer.email cus_9"`);
    expect(product.served).toEqual([]);
  });

  it('isn’t asked about where its page is refused', async () => {
    service.decide = () => service.no('This page is not open to support.');
    expect((await product.post(shows(), token, {})).status).toBe(403);
    expect(service.questions().map(({ action }) => action.name)).toEqual(['view']);
    expect(product.served).toEqual([]);
  });

  it('is never used up by an address alone: what only reads is kept closed before anything is asked', async () => {
    expect((await product.open(shows(), token)).status).toBe(503);
    expect(service.questions()).toEqual([]);
    expect(product.faults).toEqual(['A masked value is asked for by a form that posts.']);
  });

  it('is never used up by another site’s form', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const response = await product.post(shows(), token, {}, elsewhere);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('This button was pressed on another site.');
    expect(service.questions()).toEqual([]);
  });

  it('isn’t shown where the visit ended between the two questions', async () => {
    service.decide = (question) => {
      if (question.action.name === 'view') return answered(question);
      const ended = { cause: 'revoked', at: '2026-11-21T10:00:00.000Z' } as const;
      return service.no('Maria Ortiz turned staff access off.', { rule: 'visitHasNotEnded', ended });
    };
    const response = await product.post(shows(), token, {});
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Your visit to Acme Co has ended');
    expect(product.served).toEqual([]);
  });

  it('isn’t shown later than a second from the first of the two questions', async () => {
    const slowly = answered;
    service.decide = (question) => {
      product.monotonicMs += 600;
      return slowly(question);
    };
    const response = await product.post(shows(), token, {});
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('This page took too long.');
  });

  it('of an id that is too long to be written is not the one whose id was cut short', async () => {
    const long = 'c'.repeat(201);
    await product.post(shows(long), token, {});
    const [, value] = service.questions();
    expect(value?.resource.properties.record).toBe(`${'c'.repeat(199)}…`);
  });

  it('stands in the strip: what may be seen, and then that it was', async () => {
    const before = await (await product.open('/inquiry', token)).text();
    expect(before).toContain('READ ONLY');
    expect(before).toContain('You may see customer.email of cus_81, once.');
    expect(before).toContain('<span class="gatebook-brief">May see customer.email of cus_81, 18 min left</span>');
    const after = await (await product.post(shows(), token, {})).text();
    expect(after).toContain('You were shown customer.email of cus_81.');
    expect(after).toContain('<span class="gatebook-brief">customer.email of cus_81: shown, 18 min left</span>');
  });
});
