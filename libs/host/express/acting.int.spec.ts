import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVALUATION_PATH, OUTCOMES_PATH, type EvaluationAnswer, type OutcomeReport } from '@gatebook/protocol';
import { aVisit, FakeService, WORKSPACE } from '../testing/fake-service.ts';
import { Product } from '../testing/product.ts';

const ACTION = 'act_01j00000000000000000000000';
const APPROVED = {
  name: 'invoice.retrySync',
  target: 'INV-88',
  label: 'retry the failed invoice sync on INV-88',
  isDone: false,
};

let service: FakeService;
let product: Product;
let token: string;
let reported: Promise<OutcomeReport>;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  product = await Product.start(service);
  token = service.token();
  reported = new Promise((resolve) => {
    service.instead.set(OUTCOMES_PATH, async (response, { body }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"outcome":"accepted","position":"p2"}');
      resolve(JSON.parse(body) as OutcomeReport);
      await Promise.resolve();
    });
  });
  service.decide = () => authorised();
});

afterEach(async () => {
  await product.close();
  await service.close();
});

function authorised(): EvaluationAnswer {
  const yes = service.yes();
  if (!yes.decision) throw new Error('The service said no.');
  const { view: _, ...context } = yes.context;
  return {
    decision: true,
    context: { ...context, action: ACTION, banner: { ...context.banner, mode: 'write', action: APPROVED } },
  };
}

describe('an approved action', () => {
  it('is asked about with an id of its own, runs, and its outcome is told with what changed', async () => {
    product.app.post('/invoices/:id/retry', (req, res) => {
      expect(req.gatebook?.allows).toEqual(APPROVED);
      req.gatebook?.action?.changed({ field: 'invoice.syncState', old: 'failed', new: 'queued' });
      res.send('<body>Queued</body>');
    });
    const response = await product.open('/invoices/INV-88/retry', token, { method: 'POST' });
    expect(response.status).toBe(200);
    const [{ question }] = service.callsTo(EVALUATION_PATH) as [(typeof service.calls)[number]];
    expect(question?.context?.requestId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(await reported).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      workspace: WORKSPACE,
      session: 'ses_01j00000000000000000000000',
      action: ACTION,
      outcome: 'done',
      changes: [{ field: 'invoice.syncState', old: 'failed', new: 'queued' }],
    });
  });

  it('that the product answers with a fault is told as failed', async () => {
    product.app.post(
      '/invoices/:id/retry',
      (_req, res) => void res.status(502).send('<body>Accounting is away</body>'),
    );
    await product.open('/invoices/INV-88/retry', token, { method: 'POST' });
    expect(await reported).toMatchObject({ outcome: 'failed', changes: [] });
  });

  it.each([
    [false, 'Read only, and one action: retry the failed invoice sync on INV-88 (not used yet).'],
    [true, 'Read only, and one action: retry the failed invoice sync on INV-88 (used).'],
  ])('is named on the page that a code leads to; done: %s (S1-50)', async (isDone, sentence) => {
    service.visit.banner = { ...service.visit.banner, mode: 'write', action: { ...APPROVED, isDone } };
    service.codes.add('the-code');
    const fromConsole = { 'sec-fetch-site': 'cross-site', origin: service.url };
    const entered = await product.post('/gatebook/enter', undefined, { code: 'the-code' }, fromConsole);
    expect(await entered.text()).toContain(`<p>${sentence} The customer sees each page that you open.</p>`);
  });

  it('shows in the strip, by sign and word, what may be done, and then that it was', async () => {
    product.app.get('/billing', (_req, res) => void res.send('<body>Billing</body>'));
    const page = await (await product.open('/billing', token)).text();
    expect(page).toContain('class="gatebook-strip gatebook-write"');
    expect(page).toContain('WRITE, ONE ACTION');
    expect(page).toContain('You may retry the failed invoice sync on INV-88, once.');
    const brief = /<span class="gatebook-brief">([^<]*)<\/span>/;
    expect(brief.exec(page)?.[1]).toBe('Retry the failed invoice sync on INV-88, 18 min left');
    const before = service.decide;
    service.decide = (...asked) => {
      const yes = before(...asked) as Extract<EvaluationAnswer, { decision: true }>;
      const banner = { ...yes.context.banner, action: { ...APPROVED, isDone: true } };
      return { ...yes, context: { ...yes.context, banner } };
    };
    const done = await (await product.open('/billing', token)).text();
    expect(done).not.toContain('viewing as');
    expect(done).toContain('Retry the failed invoice sync on INV-88: done.');
    expect(brief.exec(done)?.[1]).toBe('Retry the failed invoice sync on INV-88: done, 18 min left');
  });

  it('that moves data out is called an export, and names as whom is looked (S1-4, S1-45)', async () => {
    product.app.get('/billing', (_req, res) => void res.send('<body>Billing</body>'));
    const before = service.decide;
    service.decide = (...asked) => {
      const yes = before(...asked) as Extract<EvaluationAnswer, { decision: true }>;
      const action = { ...APPROVED, isDone: false, isExport: true as const };
      const banner = { ...yes.context.banner, mode: 'write' as const, action, viewedAs: 'Maria Ortiz' };
      return { ...yes, context: { ...yes.context, banner } };
    };
    const page = await (await product.open('/billing', token)).text();
    expect(page).toContain('EXPORT, ONE ACTION');
    expect(page).not.toContain('WRITE');
    expect(page).toContain(', viewing as Maria Ortiz</b>');
  });
});
