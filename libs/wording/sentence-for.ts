import { fromInstant } from '#domain/fact';
import { recognise, type DomainFact } from '#domain/facts';
import { exportLine } from './export-lines.ts';
import { actingOf, line, memberCalled, staffCalled, viewingAs, type Around } from './line.ts';
import type { Names, SpokenFact } from './names.ts';
import { tighteningDetail } from './policy-lines.ts';
import { grantLine, requestLine } from './request-lines.ts';
import { counted, listed, sentence, strong, utcTime, type FormatTime, type Sentence } from './sentence.ts';
import { sessionLine } from './session-lines.ts';
import { denialLine, reviewLine, staffLine } from './staff-lines.ts';
import { staffAccessLine, workspaceLine } from './workspace-lines.ts';

/**
 * The one sentence of a fact, for screens, mail and exports (S1-19, S1-21): who did what, names before ids. The reason
 * that a staff member gave stands in it word for word. A fact that this version doesn't know gets a line that says so.
 */
export function sentenceFor(fact: SpokenFact, names: Names, time: FormatTime = utcTime): Sentence {
  const known = recognise(fact);
  if (!known) return sentence('dot', [`A line that this version can’t read (${fact.type})`]);
  const { actor, onBehalfOf, time: at } = fact.metadata;
  return lineOf(known, { names, time, actor, onBehalfOf, at: fromInstant(at) });
}

function lineOf(fact: DomainFact, around: Around): Sentence {
  switch (fact.type) {
    case 'WorkspaceRegistered':
    case 'WorkspaceClosed':
    case 'MemberRoleChanged':
    case 'CaseOpened':
    case 'CaseClosed':
    case 'CaseMerged':
    case 'CaseReassigned':
    case 'PlanChanged':
      return workspaceLine(fact, around);
    case 'StaffAccessEnabled':
    case 'StaffAccessDisabled':
      return staffAccessLine(fact, around);
    case 'AccessRequested':
    case 'InformationAsked':
    case 'InformationGiven':
    case 'FirstApprovalGiven':
    case 'AccessApproved':
    case 'AccessDeclined':
    case 'AccessWithdrawn':
    case 'AccessLapsed': {
      const { pieces, detail } = requestLine(fact, calling(around));
      return line(fact, pieces, detail);
    }
    case 'ScopeConfirmed':
    case 'GrantLapsed':
    case 'ActionAuthorised':
    case 'ActionReported':
    case 'FieldRevealed': {
      const who = 'sessionId' in fact.data ? actingOf(fact.data.sessionId, around.names) : '';
      const { pieces, detail } = grantLine(fact, who, calling(around));
      return line(fact, pieces, detail);
    }
    case 'LogExported': {
      const who = fact.data.personal?.name ?? memberCalled(fact.data.memberId, around.names);
      const { pieces, detail } = exportLine(fact, who, around.time);
      return line(fact, pieces, detail);
    }
    case 'WorkspacePolicyTightened':
      return line(
        fact,
        [
          fact.data.personal?.name ?? memberCalled(fact.data.memberId, around.names),
          ' ',
          strong('changed the workspace’s own settings'),
        ],
        tighteningDetail(fact),
      );
    case 'SessionStarted':
    case 'SessionEntered':
    case 'AreaEntered':
    case 'PageViewed':
    case 'RowsShown':
    case 'PartClicked':
    case 'PresenceConfirmed':
    case 'SessionEnded':
      return sessionLine(fact, around);
    case 'StaffEnabled':
    case 'StaffDisabled':
    case 'StaffSeatTaken':
    case 'StaffSeatReleased':
      return staffLine(fact, around);
    case 'PolicyChanged':
      return line(
        fact,
        ['The settings ', strong('were changed')],
        `They began from the preset “${fact.data.policy.preset}”.`,
      );
    case 'CatalogueChanged': {
      const { pages, actions, fields, jobs } = fact.data.catalogue;
      const size = [
        counted(Object.keys(pages).length, 'page'),
        counted(Object.keys(actions).length, 'action'),
        counted(Object.keys(fields).length, 'field'),
        counted(Object.keys(jobs).length, 'job'),
      ];
      return line(fact, ['The catalogue ', strong('was changed')], `It declares ${listed(size)}.`);
    }
    case 'AttemptDenied':
      return denialLine(fact, around);
    case 'DenialsReviewed':
      return reviewLine(fact, around);
  }
}

function calling({ names, time }: Around) {
  return {
    names,
    time,
    staffCalled: (id: string) => staffCalled(id, names),
    memberCalled: (id: string) => memberCalled(id, names),
    viewingAs: (id: string | null | undefined) => viewingAs(id, names),
  };
}
