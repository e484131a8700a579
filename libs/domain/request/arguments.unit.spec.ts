import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Installation } from '../installation/installation.ts';
import { given } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
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
