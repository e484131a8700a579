import { createHash } from 'node:crypto';
import {
  DECISION_VALID_MS,
  RULES,
  type EvaluationAnswer,
  type EvaluationRequest,
  type RuleCode,
} from '@gatebook/protocol';
import { loadTemplates, visitsOf } from '../load/requests.ts';

/** A visit as a baseline keeps it: what its checks need, and what the strip on every page says. */
export interface VisitRow {
  /** SHA-256 of the visit's token, hex. */
  readonly token: string;
  readonly session: string;
  readonly workspace: string;
  readonly staff: string;
  readonly staffName: string;
  readonly customer: string;
  readonly caseRef: string;
  readonly approval: string;
}

/** Far enough that no bench outlasts it: when sessions and windows of the baselines end. */
export const ENDS_AT = '2099-01-01T00:00:00.000Z';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a baseline must know to answer the requests in a file of templates. */
export function worldOf(templatesFile: string): { productKey: string; rows: VisitRow[] } {
  const { productKey, visits } = visitsOf(loadTemplates(templatesFile));
  const rows = visits.map((visit, index) => ({
    token: sha256(visit.token),
    session: `ses_${String(index).padStart(36, '0')}`,
    workspace: visit.workspace,
    staff: visit.staff,
    staffName: 'Sam Example',
    customer: 'Larkfield Interiors',
    caseRef: 'CASE-123',
    approval: 'Ada Example turned staff access on for 24 hours.',
  }));
  return { productKey: sha256(productKey), rows };
}

/** A session with its workspace's switch, as the stores of the baselines give it. Times in milliseconds. */
export interface FoundVisit {
  readonly session: string;
  readonly workspace: string;
  readonly staff: string;
  readonly endedAt: number | null;
  readonly plannedEnd: number;
  readonly accessUntil: number | null;
  readonly staffName: string;
  readonly customer: string;
  readonly caseRef: string;
  readonly approval: string;
}

/** The rule that refuses, of those the service asks of switch and session, or undefined when the page may be seen. */
export function refusal(found: FoundVisit, asked: EvaluationRequest, now: number): RuleCode | undefined {
  const { subject, resource } = asked;
  if (found.staff !== subject.id || found.workspace !== resource.properties.workspace) return 'visitIsTheirs';
  if (found.accessUntil === null || found.accessUntil <= now) return 'staffAccessIsOn';
  if (found.endedAt !== null || found.plannedEnd <= now) return 'visitHasNotEnded';
  return undefined;
}

/** A yes with the fields, and so about the size, of the service's own. */
export function permitted(found: FoundVisit, view: string, position: string): EvaluationAnswer {
  const endsAt = new Date(found.plannedEnd).toISOString();
  return {
    decision: true,
    context: {
      view,
      validForMs: DECISION_VALID_MS,
      position,
      masks: {},
      banner: {
        mode: 'read',
        staffName: found.staffName,
        customer: found.customer,
        caseRef: found.caseRef,
        endsAt,
        idleEndsAt: endsAt,
        approval: found.approval,
        can: ['Dashboard', 'Inquiries', 'Billing', 'Integrations'],
        cannot: ['Change anything', 'Open pages marked sensitive'],
      },
    },
  };
}

export function refused(rule: RuleCode): EvaluationAnswer {
  return { decision: false, context: { rule, reason_user: { en: RULES[rule] } } };
}
