import { isRuleCode, type RuleCode } from '@gatebook/protocol';
import * as v from 'valibot';
import { factKind, idWith, instant, type FactOf } from '../fact.ts';
import type { Refusal } from '../rule.ts';

/** What was tried. `label` is the phrase that follows "tried to" in a sentence: "open Billing". */
const attempt = v.object({
  command: v.string(),
  label: v.string(),
  page: v.optional(v.string()),
  action: v.optional(v.string()),
  /** The masked field, by the catalogue's name; whose value it is says `record`. */
  field: v.optional(v.string()),
  record: v.optional(v.string()),
  caseRef: v.optional(v.string()),
});
export type Attempt = v.InferOutput<typeof attempt>;

const givenArguments = v.nullable(v.record(v.string(), v.unknown()));

export const AttemptDenied = factKind(
  'AttemptDenied',
  'An attempt was refused: what was tried, by whom, and the rule that refused it.',
  {
    attempt,
    rule: v.custom<RuleCode>(isRuleCode, 'must be a published rule code'),
    because: v.string(),
    instead: v.nullable(v.string()),
    sessionId: v.nullable(idWith('ses')),
    /** How many attempts of the kind this line stands for, when a flood of them was counted. */
    count: v.number(),
    /** When the first of them was made. */
    since: instant,
    personal: v.optional(
      v.object({
        subject: v.string(),
        name: v.nullable(v.string()),
        reason: v.optional(v.string()),
        /** What a change was tried and approved with, where they differ; `null`: nothing. */
        exactly: v.optional(v.object({ tried: givenArguments, approved: v.optional(givenArguments) })),
      }),
    ),
  },
);

export const DENIAL_FACTS = [AttemptDenied] as const;
export type DenialFact = FactOf<typeof AttemptDenied>;

export interface Denial {
  readonly attempt: Attempt;
  readonly refusal: Refusal;
  readonly sessionId: DenialFact['data']['sessionId'];
  readonly personal?: DenialFact['data']['personal'];
  readonly count: number;
  /** Instant of the first attempt. */
  readonly since: string;
}

export function attemptDenied({ attempt, refusal, sessionId, personal, count, since }: Denial): DenialFact {
  const { rule, instead, exactly } = refusal;
  const because = refusal.impersonal ?? refusal.because;
  return {
    type: 'AttemptDenied',
    data: {
      attempt,
      rule,
      because,
      instead: instead ?? null,
      sessionId,
      count,
      since,
      ...(personal && { personal: { ...personal, ...(exactly && { exactly: asWritten(exactly) }) } }),
    },
  };
}

function asWritten({ tried, approved }: NonNullable<Refusal['exactly']>) {
  return { tried: tried && { ...tried }, ...(approved !== undefined && { approved: approved && { ...approved } }) };
}
