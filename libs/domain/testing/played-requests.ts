import type { ActionId, RequestId, SessionId } from '@gatebook/protocol';
import type { BookCommand } from '../book/decide.ts';
import type { DecidingPerson } from '../request/rules.ts';
import { actionDigest } from '../request/request-access.ts';
import { isOpen, requestWith } from '../request/request.ts';
import { grantOfSession } from '../grant/grant.ts';
import { idOf, isStaffName, MEMBERS, namedCase, personOf, type Decider, type StaffName } from './cast.ts';
import { ALL_KNOBS, setBy } from './model-settings.ts';
import type { Played } from './played.ts';
import { digest } from './digest.ts';
import { staffPerson } from './story.ts';
import type { RequestDoing } from './steps-requests.ts';
import { DEED_NAMES, DEEDS, FIELDS, OTHERWISE, wishOf, type DeedName, type Otherwise } from './wishes.ts';

const personIn = (by: Decider): DecidingPerson =>
  isStaffName(by) ? { kind: 'staff', staffId: idOf(by) } : { kind: 'member', person: personOf(by) };

/** The staff member whom a decision is about: the decider where they are one. */
const staffOf = (by: Decider): StaffName => (isStaffName(by) ? by : 'sam');

/** What a step about requests gives as a command, and whose stream goes with it. */
export function requestCommand(played: Played, doing: RequestDoing): { command: BookCommand; staff: StaffName } {
  switch (doing.do) {
    case 'ask': {
      const { staff, caseName, minutes, ahead, reason } = doing;
      const wish = wishOf(doing.wish);
      const command: BookCommand = {
        type: 'RequestAccess',
        requestId: `req_${played.book.lines.length}_${played.denials.length}`,
        staffId: idOf(staff),
        person: staffPerson(staff),
        kind: wish.kind,
        ...namedCase(caseName),
        job: wish.job ?? null,
        reason,
        viewAs:
          wish.viewAs === undefined ? null : wish.viewAs === 'nobody' ? 'mem_nobody' : MEMBERS[wish.viewAs].memberId,
        pages: wish.pages ?? null,
        action: wish.deed === undefined ? null : DEEDS[wish.deed],
        field: wish.field === undefined ? null : FIELDS[wish.field],
        extends: wish.extends ? played.session(doing) : null,
        plannedStart: ahead === null ? null : played.now + ahead,
        minutes,
      };
      return { command, staff };
    }
    case 'question': {
      const { by, text: question } = doing;
      const requestId = ofAll(played, doing.request);
      return { command: { type: 'AskForInformation', requestId, by: personIn(by), question }, staff: staffOf(by) };
    }
    case 'answer': {
      const { staff } = doing;
      const requestId = played.request(staff, doing.request);
      return { command: { type: 'GiveInformation', requestId, staffId: idOf(staff), answer: 'That one' }, staff };
    }
    case 'approve': {
      const { by, shown } = doing;
      const requestId = ofAll(played, doing.request);
      const otherwise: Otherwise | null = OTHERWISE[doing.granted];
      const { deed, ...rest } = otherwise ?? {};
      const command: BookCommand = {
        type: 'ApproveAccess',
        requestId,
        by: personIn(by),
        shown: shownOf(played, requestId, shown),
        granted: otherwise && { ...rest, ...(deed && { action: DEEDS[deed] }) },
        message: null,
      };
      return { command, staff: staffOf(by) };
    }
    case 'decline': {
      const { by } = doing;
      const requestId = ofAll(played, doing.request);
      return { command: { type: 'DeclineAccess', requestId, by: personIn(by), message: null }, staff: staffOf(by) };
    }
    case 'withdraw': {
      const { staff } = doing;
      const requestId = played.request(staff, doing.request);
      return { command: { type: 'WithdrawAccess', requestId, staffId: idOf(staff) }, staff };
    }
    case 'confirm': {
      const { staff } = doing;
      const requestId = played.request(staff, doing.request);
      return { command: { type: 'ConfirmScope', grantId: `gr_${requestId.slice(4)}`, staffId: idOf(staff) }, staff };
    }
    case 'perform': {
      const { staff, deed } = doing;
      const sessionId = played.session(doing);
      const {
        name: action,
        target: record,
        arguments: given,
      } = DEEDS[deed === 'theirs' ? theirs(played, sessionId) : deed];
      const actionId: ActionId = `act_${played.book.lines.length}`;
      return {
        command: { type: 'PerformAction', sessionId, staffId: idOf(staff), actionId, action, record, arguments: given },
        staff,
      };
    }
    case 'reveal': {
      const { staff, field } = doing;
      const sessionId = played.session(doing);
      const theirs = grantOfSession(played.book.state.grants, sessionId)?.granted.field;
      const wanted = field === 'theirs' ? (theirs ?? FIELDS.email) : FIELDS[field];
      return { command: { type: 'RevealField', sessionId, staffId: idOf(staff), ...wanted }, staff };
    }
    case 'report': {
      const authorised = played.book.lines.flatMap(({ fact }) => (fact.type === 'ActionAuthorised' ? [fact.data] : []));
      const deed = authorised.at(doing.deed === 'before' ? -2 : -1);
      const actionId = doing.deed === 'never' ? 'act_never' : (deed?.actionId ?? 'act_never');
      const sessionId = doing.rightVisit ? (deed?.sessionId ?? 'ses_never') : 'ses_never';
      const { outcome } = doing;
      const changes = [{ field: 'customer.note', old: 'a', new: 'b' }];
      return { command: { type: 'ReportAction', actionId, sessionId, outcome, changes }, staff: 'sam' };
    }
    case 'tighten': {
      const { change } = doing;
      const isNone = change === 'none';
      const set = isNone ? {} : setBy(change, played.installation.policy);
      const cleared = isNone ? [...ALL_KNOBS] : [];
      return { command: { type: 'TightenPolicy', by: personOf(doing.by), set, cleared }, staff: 'sam' };
    }
  }
}

/** The deed that the visit's grant names, where there is one. */
function theirs({ book }: Played, sessionId: SessionId): DeedName {
  const wanted = grantOfSession(book.state.grants, sessionId)?.granted.action?.digest;
  return DEED_NAMES.find((name) => actionDigest(DEEDS[name], digest) === wanted) ?? 'retry';
}

function ofAll(played: Played, which: 'newest' | 'before' | 'never'): RequestId {
  if (which === 'never') return 'req_never';
  return played.requests.at(which === 'before' ? -2 : -1)?.id ?? 'req_never';
}

function shownOf(played: Played, id: RequestId, shown: Extract<RequestDoing, { do: 'approve' }>['shown']): string {
  if (shown === 'something else') return 'sha256:something-else';
  if (shown === 'as it read before') {
    const read = played.book.lines.flatMap(({ fact }) =>
      'digest' in fact.data && 'requestId' in fact.data && fact.data.requestId === id ? [fact.data.digest] : [],
    );
    return read.at(-2) ?? read.at(-1) ?? '';
  }
  const request = requestWith(played.book.state.requests, id);
  return isOpen(request) ? request.digest : '';
}
