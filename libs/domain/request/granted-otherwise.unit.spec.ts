import { describe, expect, it } from '@jest/globals';
import { bookOf, given, type Past } from '../testing/given.ts';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import { grantOfSession, grantWith, isStanding } from '../grant/grant.ts';
import { digest } from '../testing/digest.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  authorised,
  entered,
  hasRole,
  installation as usual,
  maria,
  mona,
  priya,
  priyaEnabled,
  requested,
  samsGrant,
  samsRequest,
  samsVisit,
  samsWish,
  startedOnGrant,
  workspaceOpen,
  type Persona,
} from '../testing/story.ts';
import type { GrantedOtherwise } from './approve-access.ts';
import { isOpen, requestWith } from './request.ts';

const widening = (mayWiden: boolean) => {
  const { policy } = usual;
  return { ...usual, policy: { ...policy, approval: { ...policy.approval, mayWiden } } };
};
const wider = widening(true);
const lead = { ...priyaEnabled, roles: ['lead'] as const };

type Arguments = Record<string, unknown> | null;
const deed = (target: string, args: Arguments) => ({
  ...samsWish.action!,
  target,
  digest: digest({ action: 'invoice.retrySync', target, arguments: args ?? {} }),
});
const asked = (args: Arguments, more: Parameters<typeof requested>[0] = {}): BookFact => {
  const fact = requested({ wanted: { ...samsWish, action: deed('INV-88', args) }, ...more });
  if (fact.type !== 'AccessRequested' || !fact.data.personal) throw new Error('Not asked for.');
  return { ...fact, data: { ...fact.data, personal: { ...fact.data.personal, arguments: args } } };
};
const erased = (fact: BookFact): BookFact => ({ ...fact, data: { ...fact.data, personal: undefined } }) as BookFact;

const on: Past<BookFact> = [...workspaceOpen, accessOn()];
const openIn = (past: Past<BookFact>) => {
  const request = requestWith(bookOf(past).requests, samsRequest);
  if (!isOpen(request)) throw new Error('Not open.');
  return request;
};
/** An approval of the request as it stands, and what comes of it. */
const approve = (
  past: Past<BookFact>,
  granted: GrantedOtherwise | null,
  { by = maria, rules = wider }: { readonly by?: Persona | typeof priya; readonly rules?: typeof usual } = {},
) => {
  const command: BookCommand = {
    type: 'ApproveAccess',
    requestId: samsRequest,
    by: typeof by === 'string' ? { kind: 'staff', staffId: by } : { kind: 'member', person: by },
    shown: openIn(past).digest,
    granted,
    message: null,
  };
  return given(past).when(command, { staff: lead, installation: rules });
};
/** What stands in the book behind it: the grant, or the request that waits for the second. */
const standing = (past: Past<BookFact>, facts: readonly BookFact[]) => {
  const book = bookOf([...past, ...facts]);
  const grant = grantWith(book.grants, samsGrant);
  const { wanted, shown } =
    grant && isStanding(grant) ? { wanted: grant.granted, shown: grant.shown } : openIn([...past, ...facts]);
  return { target: wanted.action?.target, digest: wanted.action?.digest, arguments: shown?.arguments };
};
const done = (past: Past<BookFact>, args: Arguments) =>
  given(past).when(
    { ...COMMANDS.PerformAction, sessionId: samsVisit, record: 'INV-88', arguments: args },
    { at: '10:00:30' },
  );

describe('An approval that takes all arguments away', () => {
  const past = [...on, asked({ amount: '900' })];
  const none = { action: { arguments: {} } };

  it('says so in its line, and the grant shows none (S4-26, S4-47)', () => {
    const { facts } = approve(past, none).decision;
    expect(facts).toMatchObject([{ type: 'AccessApproved', data: { personal: { arguments: {} } } }]);
    expect(standing(past, facts)).toEqual({ target: 'INV-88', digest: deed('INV-88', {}).digest, arguments: {} });
  });

  it('allows what it shows, and not what was asked for (S0-26)', () => {
    const { facts } = approve(past, none).decision;
    const [line] = facts;
    if (line?.type !== 'AccessApproved') throw new Error('Not approved.');
    const confirmed: BookFact = {
      type: 'ScopeConfirmed',
      data: { requestId: samsRequest, grantId: samsGrant, staffId: 'stf_sam' },
    };
    const inside = [...past, line, confirmed, '10:00', startedOnGrant(), entered()];
    expect(grantOfSession(bookOf(inside).grants, samsVisit)?.shown?.arguments).toEqual({});
    done(inside, { amount: '900' }).refused('actionIsApproved');
    expect(done(inside, {}).decision.facts).toMatchObject([{ type: authorised().type }]);
  });

  it('stands so before the second of two, and in the grant behind', () => {
    const both = [...on, asked({ amount: '900' }, { asks: 'both' })];
    const { facts } = approve(both, none).decision;
    expect(facts).toMatchObject([{ type: 'FirstApprovalGiven', data: { personal: { arguments: {} } } }]);
    expect(standing(both, facts).arguments).toEqual({});
    const behind = [...both, ...facts];
    const second = approve(behind, null, { by: priya }).decision;
    expect(standing(behind, second.facts)).toMatchObject({ digest: deed('INV-88', {}).digest, arguments: {} });
  });

  it('says nothing of them where there were none and none are named', () => {
    const bare = [...on, asked(null)];
    for (const granted of [null, none, { minutes: 10 }]) {
      const [line] = approve(bare, granted).decision.facts;
      expect(line?.type === 'AccessApproved' && line.data.personal).toEqual({
        subject: maria.memberId,
        name: maria.name,
        message: null,
      });
    }
  });
});

describe('An approval that changes one half of the action', () => {
  const five = { amount: '5' };

  it.each<[string, GrantedOtherwise['action'], string, Arguments]>([
    ['target', { target: 'INV-89' }, 'INV-89', { amount: '900' }],
    ['arguments', { arguments: five }, 'INV-88', five],
  ])('leaves the other as it was asked for: the %s', (_, action, target, args) => {
    const past = [...on, asked({ amount: '900' })];
    const { facts } = approve(past, { action: action! }).decision;
    expect(standing(past, facts)).toEqual({ target, digest: deed(target, args).digest, arguments: args });
  });

  it('leaves the other as it stands, where a first approval that counts no more had changed it (S4-47)', () => {
    const both = [...on, hasRole(mona, 'admin'), asked({ amount: '900' }, { asks: 'both' })];
    const first = approve(both, { action: { target: 'INV-90', arguments: five } }).decision.facts;
    const again = [...both, ...first, hasRole(maria, 'viewer')];
    const target = approve(again, { action: { target: 'INV-89' } }, { by: mona }).decision.facts;
    expect(standing(again, target)).toEqual({
      target: 'INV-89',
      digest: deed('INV-89', five).digest,
      arguments: five,
    });
    const args = approve(again, { action: { arguments: { amount: '6' } } }, { by: mona }).decision.facts;
    expect(standing(again, args)).toMatchObject({ target: 'INV-90', arguments: { amount: '6' } });
  });

  it('is none where the second says again what the first allowed', () => {
    const both = [...on, asked({ amount: '900' }, { asks: 'both' })];
    const behind = [...both, ...approve(both, { action: { target: 'INV-89', arguments: five } }).decision.facts];
    for (const action of [{ target: 'INV-89' }, { arguments: five }, { target: 'INV-89', arguments: five }, {}]) {
      const { facts } = approve(behind, { action }, { by: priya }).decision;
      expect(standing(behind, facts)).toEqual({
        target: 'INV-89',
        digest: deed('INV-89', five).digest,
        arguments: five,
      });
    }
    for (const action of [{ target: 'INV-88' }, { arguments: { amount: '900' } }, { arguments: {} }])
      approve(behind, { action }, { by: priya }).refused(
        'approvalMayChange',
        'A second approval can’t change what the first one allowed.',
      );
  });

  it('is no other target alone where what it was asked with is erased: nobody knows what would be allowed', () => {
    const gone = [...on, erased(asked({ amount: '900' }))];
    const refusal = approve(gone, { action: { target: 'INV-89' } }).refused(
      'approvalMayChange',
      'The arguments that it was asked with are erased.',
    );
    expect(refusal).toMatchObject({
      instead: 'Name the arguments as well, or decline the request.',
      field: ['granted', 'argumentsJson'],
    });
    expect(standing(gone, approve(gone, { action: { target: 'INV-88' } }).decision.facts).digest).toBe(
      deed('INV-88', { amount: '900' }).digest,
    );
    const bare = [...on, erased(asked(null))];
    expect(standing(bare, approve(bare, { action: { target: 'INV-89' } }).decision.facts).digest).toBe(
      deed('INV-89', null).digest,
    );
  });
});

describe('An approval of no page', () => {
  const email = { field: 'customer.email', record: 'cus_81' };
  const none = { pages: [] };

  it('is none of a value, which is shown on a page (S1-44)', () => {
    const wanted = { ...samsWish, pages: ['inquiry', 'team'], action: null, field: email };
    for (const asks of ['customer', 'both'] as const) {
      const past = [...on, requested({ kind: 'reveal', wanted, asks })];
      const refusal = approve(past, none).refused(
        'approvalMayChange',
        'A value is shown on a page, and none would be left to open.',
      );
      expect(refusal).toMatchObject({
        instead: 'Leave a page that shows it, or decline the request.',
        field: ['granted', 'pages'],
      });
      expect(approve(past, { pages: ['inquiry'] }).decision.refusal).toBeUndefined();
    }
  });

  it('is none of a look, and one of an action', () => {
    const past = [...on, requested({ kind: 'read', wanted: { ...samsWish, action: null } })];
    const refusal = approve(past, none).refused('approvalMayChange', 'Nothing would be left of the request.');
    expect(refusal).toMatchObject({ instead: 'Decline it.', field: ['granted', 'pages'] });
    expect(approve([...on, asked(null)], none).decision.refusal).toBeUndefined();
  });
});

describe('An approval where the policy lets nobody widen', () => {
  const narrow = { rules: widening(false) };
  const { policy } = narrow.rules;
  const byLead = {
    ...narrow.rules,
    policy: { ...policy, approval: { ...policy.approval, asked: { 'every write': 'vendor' as const } } },
  };
  const past = [...on, asked({ amount: '900' })];

  it.each<[string, GrantedOtherwise['action'], string, string]>([
    ['target', { target: 'INV-99' }, 'An approval can’t be for another target than was asked for.', 'target'],
    [
      'arguments',
      { arguments: { amount: '9000000' } },
      'An approval can’t be with other arguments than were asked for.',
      'argumentsJson',
    ],
    [
      'arguments',
      { target: 'INV-88', arguments: {} },
      'An approval can’t be with other arguments than were asked for.',
      'argumentsJson',
    ],
    [
      'target',
      { target: 'INV-99', arguments: { amount: '9000000' } },
      'An approval can’t be for another target than was asked for.',
      'target',
    ],
  ])('is for no other %s than was asked for (S4-26): %j', (_, action, because, field) => {
    const refusal = approve(past, { action: action! }, narrow).refused('approvalMayChange', because);
    expect(refusal).toMatchObject({ instead: 'Decline it, and say what to ask for.', field: ['granted', field] });
    const alone = [...on, asked({ amount: '900' }, { asks: 'vendor' })];
    approve(alone, { action: action! }, { by: priya, rules: byLead }).refused('approvalMayChange', because);
  });

  it('is for less, and for the same said again', () => {
    const same = { target: 'INV-88', arguments: { amount: '900' } };
    for (const granted of [{ pages: ['billing'], minutes: 10 }, { minutes: 10, action: same }, { action: {} }]) {
      const { facts } = approve(past, granted, narrow).decision;
      expect(standing(past, facts)).toMatchObject({ digest: deed('INV-88', { amount: '900' }).digest });
    }
  });
});
