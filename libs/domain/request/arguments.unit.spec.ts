import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import type { RequestId } from '@gatebook/protocol';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ArgumentChoices as Choices } from '../catalogue/choices.ts';
import type { Installation } from '../installation/installation.ts';
import { given } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import type { GrantedOtherwise } from './approve-access.ts';
import { accessOn, installation as usual, priya, priyaEnabled, workspaceOpen } from '../testing/story.ts';

const withAction = (takes: string[] | undefined, mayWiden = true): Installation => ({
  ...usual,
  policy: { ...usual.policy, approval: { ...usual.policy.approval, mayWiden } },
  catalogue: {
    ...usual.catalogue,
    actions: {
      ...usual.catalogue.actions,
      'setting.change': { label: 'change {target}', class: 'change', target: 'setting', ...(takes && { takes }) },
    } satisfies Catalogue['actions'],
  },
});
const installation = withAction(['value', 'unit']);
const open = [...workspaceOpen, accessOn()];
const wish = (given: Record<string, unknown> | null) => ({
  ...COMMANDS.RequestAccess,
  action: { name: 'setting.change', target: 'tax', arguments: given },
});
const under = (past: readonly BookFact[], installation: Installation) => ({
  when: (command: BookCommand) => given(past).when(command, { installation }),
});
const asked = (given: Record<string, unknown> | null, by = installation) => under(open, by).when(wish(given)).decision;

describe('An action whose arguments the catalogue declares', () => {
  it('is asked for with each of them, and with others as well where the product has them (S0-21, S4-16)', () => {
    for (const all of [
      { value: '10 %', unit: '%' },
      { value: '', unit: '' },
      { value: '1', unit: 'x', of: 'more' },
    ]) {
      expect(asked(all).facts).toMatchObject([{ type: 'AccessRequested' }]);
    }
  });

  it.each<[string, Record<string, unknown> | null]>([
    ['value', null],
    ['value', {}],
    ['value', { unit: '%' }],
    ['value', { value: null, unit: '%' }],
    ['unit', { value: '10 %' }],
    ['unit', { value: '10 %', unit: undefined }],
    ['unit', Object.assign(Object.create({ unit: '%' }) as object, { value: '10 %' }) as Record<string, unknown>],
  ])('is asked for by nobody who names no “%s”: %j (S0-21)', (name, some) => {
    expect(asked(some)).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'requestIsGrantable',
        because: `To change tax needs the argument “${name}”.`,
        field: ['action', 'argumentsJson'],
      },
    });
  });

  it('is approved with each of them, whatever else is granted otherwise (S4-26)', () => {
    const [request] = asked({ value: '10 %', unit: '%' }).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const approval = (otherwise: Record<string, unknown> | null) =>
      under([...open, request], installation).when({
        ...COMMANDS.ApproveAccess,
        requestId: request.data.requestId,
        shown: request.data.digest,
        granted: { action: { target: 'tax', arguments: otherwise } },
      });
    expect(approval({ value: '10 %' }).decision).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'approvalMayChange',
        because: 'The action needs the argument “unit”.',
        field: ['granted', 'argumentsJson'],
      },
    });
    expect(approval({ value: '5 %', unit: '%' }).decision).toMatchObject({ facts: [{ type: 'AccessApproved' }] });
  });

  it('is approved with others, and the fact tells both, whatever else is granted otherwise (S4-26, S4-47)', () => {
    const [request] = asked({ value: '20 %', unit: '%' }).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const approve = { ...COMMANDS.ApproveAccess, requestId: request.data.requestId, shown: request.data.digest };
    const told = (past: readonly BookFact[], command: BookCommand) => under(past, installation).when(command).decision;
    const otherwise = { target: 'tax', arguments: { value: '21', unit: '%' } };
    const both = { arguments: { value: '21', unit: '%' }, askedArguments: { value: '20 %', unit: '%' } };
    const changed = told([...open, request], { ...approve, granted: { minutes: 10, action: otherwise } });
    expect(changed.facts).toMatchObject([{ data: { change: { minutes: { to: 10 } }, personal: both } }]);
    const same = told([...open, request], { ...approve, granted: { minutes: 10 } });
    expect(same.facts[0]?.data).not.toHaveProperty('personal.askedArguments');
    const elsewhere = told([...open, request], { ...approve, granted: { action: { ...otherwise, target: 'vat' } } });
    expect(elsewhere.facts).toMatchObject([{ data: { change: { target: { from: 'tax', to: 'vat' } } } }]);
  });

  it('is told by the second of two approvals too, where the first approved others (S4-47)', () => {
    const [request] = asked({ value: '20 %', unit: '%' }).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const twice = { ...request, data: { ...request.data, asks: 'both' as const } };
    const { requestId, digest: shown } = request.data;
    const action = { target: 'tax', arguments: { value: '21', unit: '%' } };
    const first = under([...open, twice], installation).when({
      ...COMMANDS.ApproveAccess,
      requestId,
      shown,
      granted: { action },
    }).decision.facts;
    if (first[0]?.type !== 'FirstApprovalGiven') throw new Error('Not the first of two.');
    const by = { kind: 'staff' as const, staffId: priya };
    const second = { ...COMMANDS.ApproveAccess, requestId, shown: first[0].data.digest, granted: null, by };
    const leads = { ...priyaEnabled, roles: ['lead' as const] };
    expect(given([...open, twice, ...first]).when(second, { installation, staff: leads }).decision.facts).toMatchObject(
      [{ type: 'AccessApproved', data: { personal: { askedArguments: { value: '20 %', unit: '%' } } } }],
    );
  });

  it('isn’t approved as it was asked for before it took one; named then, it is', () => {
    const [request] = asked({ value: '10 %' }, withAction(undefined)).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const approve = { ...COMMANDS.ApproveAccess, requestId: request.data.requestId, shown: request.data.digest };
    under([...open, request], installation)
      .when(approve)
      .refused('requestIsGrantable', 'The action needs the argument “unit” by now: the catalogue was changed.');
    const granted = { action: { arguments: { value: '10 %', unit: '%' } } };
    expect(under([...open, request], installation).when({ ...approve, granted }).decision).toMatchObject({
      facts: [{ type: 'AccessApproved' }],
    });
    const staff = { ...priyaEnabled, roles: ['lead'] as const };
    const instead = (past: readonly BookFact[], command: BookCommand, by: Installation) =>
      given(past).when(command, { installation: by, staff }).refused('requestIsGrantable').instead;
    expect(instead([...open, request], approve, installation)).toBe('Name it, or decline the request.');
    // Who can't name it is told what they can do.
    const narrow = withAction(['value', 'unit'], false);
    expect(instead([...open, request], approve, narrow)).toBe('Decline it, and say what to ask for.');
    const twice = { ...request, data: { ...request.data, asks: 'both' as const } };
    const first = under([...open, twice], withAction(undefined)).when(approve).decision.facts;
    if (first[0]?.type !== 'FirstApprovalGiven') throw new Error('Not the first of two.');
    const second = { ...approve, shown: first[0].data.digest, by: { kind: 'staff' as const, staffId: priya } };
    expect(instead([...open, twice, ...first], second, installation)).toBe('Decline it, and say what to ask for.');
    // Erased is not the same as missing: what nobody can read any more is decided by what was shown.
    const { personal: _, ...data } = request.data;
    expect(under([...open, { ...request, data }], installation).when(approve).decision).toMatchObject({
      facts: [{ type: 'AccessApproved' }],
    });
  });
});

describe('What the catalogue closed after it was asked for', () => {
  const [request] = asked({ value: '10 %', unit: '%' }).facts;
  if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
  const { pages, actions } = installation.catalogue;
  const approve = { ...COMMANDS.ApproveAccess, requestId: request.data.requestId, shown: request.data.digest };

  it('isn’t approved, whatever else is granted otherwise: an action', () => {
    const never: Catalogue['actions'] = { ...actions, 'setting.change': { label: 'change {target}', class: 'never' } };
    const closed = { ...installation, catalogue: { ...installation.catalogue, actions: never } };
    for (const granted of [null, { pages: ['dashboard'] }, { minutes: 10 }])
      under([...open, request], closed)
        .when({ ...approve, granted })
        .refused('requestIsGrantable', 'The action can’t be granted any more: the catalogue was changed.');
  });

  it('isn’t approved, whatever else is granted otherwise: a page, which can be left out', () => {
    const never: Catalogue['pages'] = { ...pages, team: { label: 'Team', class: 'never' } };
    const closed = { ...installation, catalogue: { ...installation.catalogue, pages: never } };
    for (const granted of [null, { pages: ['dashboard', 'team'] }, { minutes: 10 }])
      under([...open, request], closed)
        .when({ ...approve, granted })
        .refused('requestIsGrantable', 'The page “team” can’t be granted any more: the catalogue was changed.');
    const granted = { pages: ['dashboard'] };
    expect(under([...open, request], closed).when({ ...approve, granted }).decision.facts).toMatchObject([
      { type: 'AccessApproved' },
    ]);
  });
});

describe('An argument of which the catalogue says which values it may have', () => {
  const withChoices = (value: Choices | undefined, mayWiden = true): Installation => {
    const before = withAction(['value', 'unit'], mayWiden);
    const { 'setting.change': action } = before.catalogue.actions;
    const actions = {
      ...before.catalogue.actions,
      'setting.change': { ...action!, ...(value && { choices: { value } }) },
    };
    return { ...before, catalogue: { ...before.catalogue, actions } };
  };
  const rates = withChoices({ tax: ['0 %', '10 %', '20 %'] });
  const at = (value: unknown) => ({ value, unit: '%' });
  const approve = ({ requestId, digest: shown }: { requestId: RequestId; digest: string }) => ({
    ...COMMANDS.ApproveAccess,
    requestId,
    shown,
  });

  it('is asked for with one of these, and on what it says nothing of with any (S0-21, S4-16)', () => {
    expect(asked(at('10 %'), rates).facts).toMatchObject([{ type: 'AccessRequested' }]);
    const elsewhere = {
      ...wish(at('Berlin')),
      action: { name: 'setting.change', target: 'city', arguments: at('Berlin') },
    };
    expect(under(open, rates).when(elsewhere).decision.facts).toMatchObject([{ type: 'AccessRequested' }]);
  });

  it.each([['11 %'], ['10%'], [10], [['10 %']], ['']])('is asked for by nobody with %j (S0-21)', (value) => {
    expect(asked(at(value), rates)).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'requestIsGrantable',
        because: 'To change tax takes “0 %”, “10 %” or “20 %” as the argument “value”.',
        field: ['action', 'argumentsJson'],
      },
    });
  });

  it('is approved with another of these, and with nothing else (S4-26)', () => {
    const [request] = asked(at('10 %'), rates).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const told = (action: GrantedOtherwise['action']) =>
      under([...open, request], rates).when({ ...approve(request.data), granted: { action: action! } }).decision;
    expect(told({ arguments: at('20 %') }).facts).toMatchObject([{ type: 'AccessApproved' }]);
    expect(told({ target: 'city', arguments: at('Berlin') }).facts).toMatchObject([{ type: 'AccessApproved' }]);
    expect(told({ arguments: at('21 %') })).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'approvalMayChange',
        because: 'The action takes “0 %”, “10 %” or “20 %” as the argument “value”.',
        field: ['granted', 'argumentsJson'],
      },
    });
    // On another target the value that it was asked for with can be none.
    const [city] = under(open, rates).when({
      ...wish(null),
      action: { name: 'setting.change', target: 'city', arguments: at('Berlin') },
    }).decision.facts;
    if (city?.type !== 'AccessRequested') throw new Error('Not asked for.');
    under([...open, city], rates)
      .when({ ...approve(city.data), granted: { action: { target: 'tax' } } })
      .refused('approvalMayChange');
  });

  it('isn’t approved as it was asked for once the catalogue takes it no more; with one that it takes it is', () => {
    const [request] = asked(at('10 %'), withChoices(undefined)).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const tightened = withChoices(['0 %', '20 %']);
    for (const granted of [null, { pages: ['dashboard'] }, { minutes: 10 }, { action: { arguments: at('10 %') } }]) {
      const refusal = under([...open, request], tightened)
        .when({ ...approve(request.data), granted })
        .refused(
          'requestIsGrantable',
          'The action takes “0 %” or “20 %” as the argument “value” by now: the catalogue was changed.',
        );
      expect(refusal).toMatchObject({
        instead: 'Name one of them, or decline the request.',
        field: ['granted', 'argumentsJson'],
      });
    }
    under([...open, request], withChoices(['0 %'], false))
      .when({ ...approve(request.data) })
      .refused('requestIsGrantable');
    const granted = { action: { arguments: at('20 %') } };
    expect(
      under([...open, request], tightened).when({ ...approve(request.data), granted }).decision.facts,
    ).toMatchObject([{ type: 'AccessApproved' }]);
    // Erased is not another: what nobody can read any more is decided by what was shown, and looked at when it is done.
    const { personal: _, ...data } = request.data;
    expect(under([...open, { ...request, data }], tightened).when(approve(request.data)).decision.facts).toMatchObject([
      { type: 'AccessApproved' },
    ]);
  });

  it('isn’t given by the second of two approvals once the catalogue takes it no more (T21)', () => {
    const [request] = asked(at('10 %'), rates).facts;
    if (request?.type !== 'AccessRequested') throw new Error('Not asked for.');
    const twice = { ...request, data: { ...request.data, asks: 'both' as const } };
    const [first] = under([...open, twice], rates).when({
      ...approve(request.data),
      granted: { action: { arguments: at('20 %') } },
    }).decision.facts;
    if (first?.type !== 'FirstApprovalGiven') throw new Error('Not the first of two.');
    const by = { kind: 'staff' as const, staffId: priya };
    const second = { ...approve(request.data), shown: first.data.digest, granted: null, by };
    const told = (installation: Installation) =>
      given([...open, twice, first]).when(second, { installation, staff: { ...priyaEnabled, roles: ['lead'] } });
    expect(told(rates).decision.facts).toMatchObject([{ type: 'AccessApproved' }]);
    expect(told(withChoices(['10 %'])).refused('requestIsGrantable').instead).toBe(
      'Decline it, and say what to ask for.',
    );
  });
});
