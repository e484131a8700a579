import type {
  DisableStaffAccessInput,
  DisableStaffAccessPayload,
  EnableStaffAccessInput,
  EnableStaffAccessPayload,
  StaffAccess,
} from '@gatebook/protocol/graphql';
import { v7 } from 'uuid';
import { ensureDone, send, workspaceMeant, type UserError } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { shownTime } from './shown.ts';
import { say, sayJson } from './printed.ts';

type Payload = Pick<EnableStaffAccessPayload & DisableStaffAccessPayload, 'position'> & {
  readonly staffAccess:
    (Pick<StaffAccess, 'on' | 'until'> & { readonly rules: Pick<StaffAccess['rules'], 'whileOn'> }) | null;
  readonly userErrors: readonly UserError[];
};

const ERRORS = 'userErrors { code message field ... on ReasonTooVague { hints } }';

const ENABLE = `mutation EnableStaffAccess($input: EnableStaffAccessInput!) {
  enableStaffAccess(input: $input) { staffAccess { on until rules { whileOn } } position ${ERRORS} }
}`;
const DISABLE = `mutation DisableStaffAccess($input: DisableStaffAccessInput!) {
  disableStaffAccess(input: $input) { staffAccess { on until rules { whileOn } } position ${ERRORS} }
}`;

const SHOW = `query StaffAccess($workspaceId: ID!) {
  staffAccess(workspaceId: $workspaceId) { on until since by { name } reminder rules { whileOn whoSwitches } }
}`;
type Shown = Pick<StaffAccess, 'on' | 'until' | 'since' | 'by' | 'reminder'> & {
  readonly rules: Pick<StaffAccess['rules'], 'whileOn' | 'whoSwitches'>;
};

/** How the owner's switch stands; what was left on is said, with what turns it off (S3-26). */
export async function showAccess(workspace: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, undefined, workspace);
  const { staffAccess } = await send<{ staffAccess: Shown }>(options, undefined, SHOW, { workspaceId });
  if (options.json) {
    sayJson({ staffAccess });
    return;
  }
  const { on, until, since, by, reminder, rules } = staffAccess;
  if (!on) {
    say(`Staff access is off. ${rules.whoSwitches}`);
    return;
  }
  const who = by === null || since === null ? '' : ` ${by?.name ?? 'A member'} turned it on ${shownTime(since)}.`;
  say(`Staff access is on until ${until === null ? 'it is turned off' : shownTime(until)}.${who} ${rules.whileOn}`);
  if (reminder === null) return;
  say(reminder);
  say(`  gatebook access off ${workspace}`);
}

type On = AsPerson & { readonly for?: number; readonly without?: readonly string[]; readonly onlyCase?: string };

export async function accessOn(workspace: string, options: On): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const input: EnableStaffAccessInput = {
    commandId: v7(),
    workspaceId,
    minutes: options.for,
    withoutAreas: options.without,
    onlyCase: options.onlyCase,
  };
  const { enableStaffAccess } = await send<{ enableStaffAccess: Payload }>(options, 'members', ENABLE, { input });
  show(enableStaffAccess, options);
}

export async function accessOff(workspace: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const input: DisableStaffAccessInput = { commandId: v7(), workspaceId };
  const { disableStaffAccess } = await send<{ disableStaffAccess: Payload }>(options, 'members', DISABLE, { input });
  show(disableStaffAccess, options);
}

function show(payload: Payload, { json }: AsPerson): void {
  if (json) sayJson(payload);
  ensureDone(payload.userErrors);
  if (json) return;
  const { staffAccess } = payload;
  if (!staffAccess?.on) {
    say('Staff access is off. Every visit has ended.');
    return;
  }
  const { until, rules } = staffAccess;
  say(`Staff access is on until ${until === null ? 'it is turned off' : shownTime(until)}. ${rules.whileOn}`);
}
