import { fromInstant } from '#domain/fact';
import type { StaffAccessFact } from '#domain/staff-access/staff-access';
import { article } from '#domain/workspace/rules';
import type { WorkspaceFact } from '#domain/workspace/workspace';
import { line, memberCalled, staffCalled, type Around } from './line.ts';
import { counted, listed, strong, type Sentence } from './sentence.ts';

export function workspaceLine(fact: WorkspaceFact, { names }: Around): Sentence {
  switch (fact.type) {
    case 'WorkspaceRegistered':
      return line(fact, [fact.data.name, ' ', strong('was registered')]);
    case 'WorkspaceClosed':
      return line(fact, [names.workspaces.get(fact.data.workspaceId) ?? 'The workspace', ' ', strong('was closed')]);
    case 'MemberRoleChanged': {
      const { memberId, role, billingContact = false, personal } = fact.data;
      const who = personal?.name ?? memberCalled(memberId, names);
      if (role === null) return line(fact, [who, ' ', strong('is no longer a member')]);
      const bills = billingContact ? ', and the contact for bills' : '';
      // Nothing else tells who asks to view as somebody what that somebody's id is.
      return line(fact, [who, ' ', strong('is now'), ` ${article(role)}${bills}`], `Member id: ${memberId}.`);
    }
    case 'CaseOpened': {
      const { caseRef, personal } = fact.data;
      return line(fact, [caseRef, ' ', strong('was opened'), personal ? `: “${personal.title}”` : '']);
    }
    case 'CaseClosed': {
      const { caseRef, graceMinutes } = fact.data;
      const grace = `A visit for it ends within ${counted(graceMinutes, 'minute')}.`;
      return line(fact, [caseRef, ' ', strong('was closed')], graceMinutes > 0 ? grace : undefined);
    }
    case 'CaseMerged': {
      const { caseRef, intoCaseRef } = fact.data;
      return line(
        fact,
        [caseRef, ' ', strong('was merged'), ` into ${intoCaseRef}`],
        `What was for ${caseRef} is for ${intoCaseRef} from now on.`,
      );
    }
    case 'CaseReassigned': {
      const { caseRef, staffId } = fact.data;
      const [whose, others] = staffId === null ? ['nobody', 'anybody'] : [staffCalled(staffId, names), 'anybody else'];
      const detail = `A visit for it by ${others} has ended.`;
      return line(fact, [caseRef, ' ', strong('belongs to'), ` ${whose} now`], detail);
    }
    case 'PlanChanged':
      return line(fact, ['The plan ', strong('is now'), ` ${fact.data.plan}`]);
  }
}

function detailOf(sentences: readonly (string | undefined)[]): string | undefined {
  const said = sentences.filter((sentence) => sentence !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}

export function staffAccessLine(fact: StaffAccessFact, { names, time }: Around): Sentence {
  switch (fact.type) {
    case 'StaffAccessEnabled': {
      const { until, memberId, withoutAreas, onlyCase, askEach, personal } = fact.data;
      const who = personal?.name ?? memberCalled(memberId, names);
      const only = onlyCase === null ? '' : `, for ${names.cases.get(onlyCase) ?? onlyCase} only`;
      const leftOut = withoutAreas.map((area) => names.areas.get(area) ?? area);
      return line(
        fact,
        [
          who,
          ' ',
          strong('turned staff access on'),
          ` until ${until === null ? 'it is turned off' : time(fromInstant(until))}${only}`,
        ],
        detailOf([
          askEach === true ? 'Each visit is asked for first.' : undefined,
          leftOut.length > 0 ? `Left out: ${listed(leftOut)}.` : undefined,
        ]),
      );
    }
    case 'StaffAccessDisabled': {
      const { cause, memberId, personal } = fact.data;
      if (cause === 'owner') {
        const who = personal?.name ?? (memberId === null ? 'A member' : memberCalled(memberId, names));
        return line(fact, [who, ' ', strong('turned staff access off')]);
      }
      return line(fact, ['Staff access ', strong('went off'), `: ${OFF_BECAUSE[cause]}`]);
    }
  }
}

const OFF_BECAUSE = {
  'window ended': 'its time was up',
  'no owner left': 'the workspace had no owner any more',
  'workspace closed': 'the workspace was closed',
} as const;
