import { caseInWords } from '@gatebook/protocol';
import type { Attempt } from '../denial/denial.ts';
import { labelFor, pageOf, type Catalogue } from '../catalogue/catalogue.ts';
import { fieldLabel, fieldNamed } from '../request/scope.ts';
import type { BookCommand } from './decide.ts';

/** What a refused command tried, as the phrase that follows "tried to": "open Billing". */
export function describeAttempt(command: BookCommand, catalogue: Catalogue): Attempt {
  switch (command.type) {
    case 'ViewPage': {
      const { page, record } = command;
      const label = pageOf(catalogue, page)?.label;
      const name =
        label === undefined ? `the page “${page}”, which the catalogue doesn’t declare` : labelFor(label, record);
      return { command: command.type, label: `open ${name}`, page, ...(record !== null && { record }) };
    }
    case 'PerformAction': {
      const { action, record } = command;
      const declared = Object.hasOwn(catalogue.actions, action) ? catalogue.actions[action] : undefined;
      const label = declared ? labelFor(declared.label, record) : `do “${action}”, which the catalogue doesn’t declare`;
      return { command: command.type, label, action, ...(record !== null && { record }) };
    }
    case 'StartSession':
      return {
        command: command.type,
        label: `start a visit ${command.grantId !== null && command.caseRef === null ? 'that was approved' : caseInWords(command.caseRef)}`,
        ...caseOf(command),
      };
    case 'EnterSession':
      return { command: command.type, label: 'enter a visit' };
    case 'ConfirmPresence':
      return { command: command.type, label: 'stay in a visit' };
    case 'ContinueVisit':
      return { command: command.type, label: 'go on with a visit' };
    case 'ExitSession':
      return { command: command.type, label: 'exit a visit' };
    case 'EndSession':
      return { command: command.type, label: 'end a visit' };
    case 'EnableStaffAccess':
      return { command: command.type, label: 'turn staff access on' };
    case 'DisableStaffAccess':
      return { command: command.type, label: 'turn staff access off' };
    case 'TightenPolicy':
      return { command: command.type, label: 'change the workspace’s settings' };
    case 'RegisterWorkspace':
      return { command: command.type, label: 'register the workspace' };
    case 'CloseWorkspace':
      return { command: command.type, label: 'close the workspace' };
    case 'ChangeMemberRole':
      return { command: command.type, label: 'change a member’s role' };
    case 'OpenCase':
      return { command: command.type, label: `open the case ${command.caseRef}`, caseRef: command.caseRef };
    case 'CloseCase':
      return { command: command.type, label: 'close a case' };
    case 'MergeCase':
      return { command: command.type, label: `merge a case into ${command.intoCaseRef}`, caseRef: command.intoCaseRef };
    case 'ReassignCase':
      return { command: command.type, label: `reassign the case ${command.caseRef}`, caseRef: command.caseRef };
    case 'ChangePlan':
      return { command: command.type, label: 'change the plan' };
    case 'RequestAccess': {
      const { action, field, caseRef } = command;
      const declared =
        action && Object.hasOwn(catalogue.actions, action.name) ? catalogue.actions[action.name] : undefined;
      const see = field ? `to see ${fieldLabel(fieldNamed(catalogue, field))}` : 'for access';
      const what = declared ? `to ${labelFor(declared.label, action?.target ?? null)}` : see;
      return {
        command: command.type,
        label: `ask ${what} ${caseInWords(caseRef)}`,
        ...caseOf(command),
        ...(action && { action: action.name }),
        ...(action?.target && { record: action.target }),
        ...(field && { field: field.field, ...(field.record !== null && { record: field.record }) }),
      };
    }
    case 'ApproveAccess':
      return { command: command.type, label: 'approve a request' };
    case 'DeclineAccess':
      return { command: command.type, label: 'decline a request' };
    case 'AskForInformation':
      return { command: command.type, label: 'ask about a request' };
    case 'GiveInformation':
      return { command: command.type, label: 'answer about a request' };
    case 'WithdrawAccess':
      return { command: command.type, label: 'take a request back' };
    case 'ConfirmScope':
      return { command: command.type, label: 'confirm a changed scope' };
    case 'RevealField': {
      const { field, record } = command;
      return {
        command: command.type,
        label: `see ${fieldLabel(fieldNamed(catalogue, command))}`,
        field,
        ...(record !== null && { record }),
      };
    }
    case 'ReportAction':
      return { command: command.type, label: 'report what came of an action' };
    case 'RemoveStaff':
      return { command: command.type, label: 'take a staff member out' };
    case 'ExportLog':
      return { command: command.type, label: 'export the visit log' };
    case 'SettleBook':
      return { command: command.type, label: 'write down what has ended' };
  }
}

function caseOf({ caseRef }: { readonly caseRef: string | null }): Pick<Attempt, 'caseRef'> {
  return caseRef === null ? {} : { caseRef };
}
