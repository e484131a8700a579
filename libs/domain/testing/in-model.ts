import type { StaffName } from './cast.ts';
import type { Model } from './model.ts';
import { answer, approve, ask, confirm, decline, question, withdraw } from './model-requests.ts';
import { GOOD_REASON, indexOf, OTHER_REASON, type Which } from './steps-choices.ts';
import type { Doing } from './steps.ts';
import { DEED_NAMES, DEEDS, deedText, FIELDS, type DeedName, type Field } from './wishes.ts';

/** Does a step in the model; whether the model accepts it. */
export function inModel(model: Model, doing: Doing): boolean {
  const visit = 'visit' in doing ? indexOf(model.visits, doing.staff, doing.visit) : -1;
  switch (doing.do) {
    case 'turnOn':
      return model.turnOn(doing.by, doing.minutes, doing.withoutBilling, doing.onlyCase, doing.askEach);
    case 'turnOff':
      return model.turnOff(doing.by);
    case 'start': {
      const { staff, caseName, minutes, reason, request } = doing;
      const saysWhy = reason === GOOD_REASON || (request === null ? reason === OTHER_REASON : reason === null);
      return model.start({
        staff,
        caseName,
        minutes,
        saysWhy,
        request: request && theirRequest(model, staff, request),
      });
    }
    case 'enter':
      return model.enter(doing.staff, visit);
    case 'stay':
      return model.stay(doing.staff, visit);
    case 'goOn':
      return model.goOn(doing.staff, visit);
    case 'exit':
      return model.exit(doing.staff, visit);
    case 'perform':
      return model.perform(doing.staff, visit, doing.deed === 'theirs' ? theirDeed(model, visit) : doing.deed);
    case 'reveal':
      return model.reveal(
        doing.staff,
        visit,
        doing.field === 'theirs' ? theirField(model, visit) : FIELDS[doing.field],
      );
    case 'report': {
      const index = doing.deed === 'never' ? -1 : model.deeds.length - (doing.deed === 'before' ? 2 : 1);
      return model.report(index, doing.rightVisit ? (model.deeds[index]?.visit ?? -1) : -1, doing.outcome);
    }
    case 'ask': {
      const { staff, wish, caseName, minutes, ahead, reason } = doing;
      const plannedStart = ahead === null ? null : model.now + ahead;
      return ask(model, { staff, wish, caseName, minutes, plannedStart, saysWhy: reason === GOOD_REASON, visit });
    }
    case 'question':
      return question(model, doing.by, ofAll(model, doing.request), doing.text.trim() !== '');
    case 'answer':
      return answer(model, doing.staff, theirRequest(model, doing.staff, doing.request));
    case 'approve':
      return approve(model, { ...doing, request: ofAll(model, doing.request) });
    case 'decline':
      return decline(model, doing.by, ofAll(model, doing.request));
    case 'withdraw':
      return withdraw(model, doing.staff, theirRequest(model, doing.staff, doing.request));
    case 'confirm':
      return confirm(model, doing.staff, theirRequest(model, doing.staff, doing.request));
    case 'tighten':
      return model.tighten(doing.by, doing.change);
    case 'view':
      return model.view(doing.staff, visit, doing);
    case 'endByCustomer':
      return model.endByCustomer(doing.by, visit);
    case 'changeRole':
      return model.changeRole(doing.member, doing.role);
    case 'openCase':
      return model.openCase(doing.caseName);
    case 'closeCase':
      return model.closeCase(doing.caseName);
    case 'mergeCase':
      return model.mergeCase(doing.caseName);
    case 'reassign':
      return model.reassign(doing.caseName, doing.to);
    case 'closeWorkspace':
      return model.closeWorkspace();
    case 'settle':
      return true;
    case 'staff':
      model.staffMember(doing.staff, doing.enabled);
      return true;
    case 'removeStaff':
      model.removeStaff(doing.staff);
      return true;
  }
}

const theirRequest = ({ requests }: Model, staff: StaffName, which: Which) => indexOf(requests, staff, which);

function ofAll({ requests }: Model, which: 'newest' | 'before' | 'never'): number {
  return which === 'never' ? -1 : requests.length - (which === 'before' ? 2 : 1);
}

function grantOf({ visits, requests }: Model, visit: number) {
  const request = visits[visit]?.request ?? null;
  return request === null ? undefined : requests[request]?.grant;
}

function theirDeed(model: Model, visit: number): DeedName {
  const deed = grantOf(model, visit)?.scope.deed;
  return DEED_NAMES.find((name) => deedText(DEEDS[name]) === deed) ?? 'retry';
}

function theirField(model: Model, visit: number): Field {
  return grantOf(model, visit)?.scope.field ?? FIELDS.email;
}
