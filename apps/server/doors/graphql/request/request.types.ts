import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { RequestKind as Kind } from '#domain/request/request';
import type { GrantPhase as Granted, RequestPhase as Phase } from '#projections/index';
import { Payload } from '../commands.ts';
import { Node } from '../node/node.types.ts';
import { connectionOf, PageArgs } from '../paging.ts';
import { DateTime, EmailAddress } from '../scalars.ts';

export const RequestKind = {
  READ: 'read',
  WRITE: 'write',
  REVEAL: 'reveal',
  EXPORT: 'export',
  SENSITIVE_ENTRY: 'sensitive entry',
  EXTENSION: 'extension',
} as const satisfies Record<string, Kind>;
registerEnumType(RequestKind, {
  name: 'RequestKind',
  description: 'What a staff member asks for.',
  valuesMap: {
    READ: { description: 'A visit that looks.' },
    WRITE: { description: 'One named action on one target, once.' },
    REVEAL: { description: 'One masked field of one record, once.' },
    EXPORT: { description: 'One action that moves data out, once.' },
    SENSITIVE_ENTRY: {
      description: 'Pages that hold sensitive data, or a visit as somebody who answers for the workspace.',
    },
    EXTENSION: { description: 'A new visit that goes on from one that runs out.' },
  },
});

export const RequestPhase = {
  WAITING: 'waiting',
  INFORMATION_ASKED: 'information asked',
  APPROVED: 'approved',
  DECLINED: 'declined',
  WITHDRAWN: 'withdrawn',
  LAPSED: 'lapsed',
} as const satisfies Record<string, Phase>;
registerEnumType(RequestPhase, {
  name: 'RequestPhase',
  description: 'How far a request has come; the last four are its one end.',
  valuesMap: {
    WAITING: { description: 'It waits for a decision.' },
    INFORMATION_ASKED: { description: 'Who decides asked something; it waits for the answer.' },
    APPROVED: { description: 'It was approved, and a grant came of it.' },
    DECLINED: { description: 'It was declined.' },
    WITHDRAWN: { description: 'It was taken back.' },
    LAPSED: { description: 'Nobody decided in time, or what it stood on ended.' },
  },
});

export const GrantPhase = {
  TO_CONFIRM: 'to confirm',
  READY: 'ready',
  IN_USE: 'in use',
  SPENT: 'spent',
  LAPSED: 'lapsed',
} as const satisfies Record<string, Granted>;
registerEnumType(GrantPhase, {
  name: 'GrantPhase',
  description: 'What became of a grant.',
  valuesMap: {
    TO_CONFIRM: { description: 'The scope was changed; the staff member has yet to confirm it.' },
    READY: { description: 'A visit may begin on it.' },
    IN_USE: { description: 'A visit runs on it.' },
    SPENT: { description: 'Its one action was done, its one field shown, or the visit that it gave is over.' },
    LAPSED: { description: 'It ended unused.' },
  },
});

export const DecidingSide = { NOBODY: 'nobody', CUSTOMER: 'customer', VENDOR: 'vendor', BOTH: 'both' } as const;
registerEnumType(DecidingSide, {
  name: 'DecidingSide',
  description: 'Whose approval something needs.',
  valuesMap: {
    NOBODY: { description: 'The settings ask nobody.' },
    CUSTOMER: { description: 'Somebody who answers for the workspace.' },
    VENDOR: { description: 'A second person of the vendor.' },
    BOTH: { description: 'The customer first, then a second person of the vendor.' },
  },
});

export const ActionOutcome = { DONE: 'done', FAILED: 'failed', UNKNOWN: 'unknown' } as const;
registerEnumType(ActionOutcome, {
  name: 'ActionOutcome',
  description: 'What the product told of an action.',
  valuesMap: {
    DONE: { description: 'It was done.' },
    FAILED: { description: 'It failed.' },
    UNKNOWN: { description: 'The product said nothing in time.' },
  },
});

@ObjectType({ description: 'One action, exactly as it would be performed.' })
export class WantedAction {
  @Field(() => String, { description: 'The catalogue’s name of it.' })
  name!: string;
  @Field(() => String, { description: 'In words: "retry the failed invoice sync on INV-88".' })
  label!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of what it is about.' })
  target!: string | null;
  @Field(() => String, { description: 'SHA-256 of name, target and arguments in canonical form (RFC 8785).' })
  digest!: string;
}

@ObjectType({ description: 'One masked field of one record.' })
export class WantedField {
  @Field(() => String, { description: 'The catalogue’s name of the field.' })
  field!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of the record.' })
  record!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'In words, as whoever decided read it: "the e-mail address of cus_81"; null where the catalogue had none, and of what was only tried.',
  })
  label?: string | null;
}

@ObjectType({ description: 'Exactly what is asked for, or granted.' })
export class AccessScope {
  @Field(() => [String], { description: 'The pages, by the catalogue’s names.' })
  pages!: readonly string[];
  @Field(() => WantedAction, { nullable: true, description: 'The one action; null where nothing is changed.' })
  action!: WantedAction | null;
  @Field(() => WantedField, { nullable: true, description: 'The one field to show; null where none is.' })
  field!: WantedField | null;
  @Field(() => Int, { description: 'How long a visit lasts at most.' })
  minutes!: number;
  @Field(() => [String], { description: 'What it lets staff do, in words.' })
  can!: readonly string[];
  @Field(() => [String], { description: 'What it doesn’t, in words.' })
  cannot!: readonly string[];
}

@ObjectType({ description: 'What an approval changed of what was asked for.' })
export class ScopeChange {
  @Field(() => [String], { description: 'What was asked for and not granted.' })
  removed!: readonly string[];
  @Field(() => [String], { description: 'What was granted and not asked for.' })
  added!: readonly string[];
  @Field(() => Int, { nullable: true, description: 'How many minutes were asked for, where others were granted.' })
  minutesAsked!: number | null;
}

@ObjectType({ description: 'Who decided, and when.' })
export class RequestDecision {
  @Field(() => ID, { description: 'Pseudonymous id; "policy" where the settings ask nobody.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'Name; null once erased.' })
  name!: string | null;
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;
}

@ObjectType({ description: 'What an approval allows: one visit, and in it one action or one field, once.' })
export class Grant {
  @Field(() => ID, { description: 'The grant.' })
  id!: string;
  @Field(() => GrantPhase, { description: 'What became of it.' })
  phase!: Granted;
  @Field(() => String, { nullable: true, description: 'Why it lapsed.' })
  cause!: string | null;
  @Field(() => DateTime, { description: 'The visit begins before this, or never.' })
  startBy!: Date;
  @Field(() => ID, { nullable: true, description: 'The visit that it was used for.' })
  sessionId!: string | null;
  @Field(() => ActionOutcome, { nullable: true, description: 'What came of its action; null before it is known.' })
  actionOutcome!: 'done' | 'failed' | 'unknown' | null;
}

@ObjectType({ implements: () => [Node], description: 'A staff member’s request for access, with what came of it.' })
export class AccessRequest implements Node {
  readonly type = 'AccessRequest';
  @Field(() => ID, { description: 'The request.' })
  id!: string;
  @Field(() => ID, { description: 'The workspace.' })
  workspaceId!: string;
  @Field(() => ID, { description: 'The staff member who asks.' })
  staffId!: string;
  @Field(() => String, { nullable: true, description: 'Their name; null once erased.' })
  staffName!: string | null;
  @Field(() => EmailAddress, { nullable: true, description: 'Their e-mail address; null once erased.' })
  staffEmail!: string | null;
  @Field(() => RequestKind, { description: 'What is asked for.' })
  kind!: Kind;
  @Field(() => String, { nullable: true, description: 'The support case, as the help desk writes it; null: none.' })
  caseRef!: string | null;
  @Field(() => String, { nullable: true, description: 'The catalogue’s job.' })
  job!: string | null;
  @Field(() => String, { nullable: true, description: 'The reason, word for word; null once erased.' })
  reason!: string | null;
  @Field(() => String, {
    description: 'Its head before who decides, in the words of the preset: "Write request from Sam Lee to ...".',
  })
  heading!: string;
  @Field(() => String, { description: 'What is asked for, as one sentence.' })
  summary!: string;
  @Field(() => ID, { nullable: true, description: 'The member viewed as; null: as support.' })
  viewAs!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What the member viewed as is called; null: as support, or erased.',
  })
  viewAsName!: string | null;
  @Field(() => AccessScope, { description: 'What was asked for.' })
  asked!: AccessScope;
  @Field(() => AccessScope, { description: 'What it stands at, or what was granted.' })
  scope!: AccessScope;
  @Field(() => ScopeChange, { nullable: true, description: 'How the two differ; null where they don’t.' })
  change!: ScopeChange | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The action’s arguments as they were asked for: canonical JSON (RFC 8785) with all that can’t be seen escaped.',
  })
  argumentsJson!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The same as they stand, or as they were granted: an approval can name others.',
  })
  scopeArgumentsJson!: string | null;
  @Field(() => [String], { description: 'What of it calls for an approval, in the policy’s words.' })
  triggers!: readonly string[];
  @Field(() => DecidingSide, { description: 'Whose approval it needs: while it waits, by the settings in force.' })
  asks!: 'nobody' | 'customer' | 'vendor' | 'both';
  @Field(() => DecidingSide, {
    nullable: true,
    description: 'Who decides now, of two the customer first. Null once it has ended, and while the log is away.',
  })
  waitsFor!: 'customer' | 'vendor' | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why it waits for the customer again, as a sentence: the first approval counts no more. Else null.',
  })
  waitsAgain!: string | null;
  @Field(() => DateTime, { description: 'When it was asked.' })
  requestedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When the visit is planned to begin; null: soon.' })
  plannedStart!: Date | null;
  @Field(() => DateTime, { description: 'When it lapses if nobody decides.' })
  lapsesAt!: Date;
  @Field(() => RequestPhase, { description: 'How far it has come.' })
  phase!: Phase;
  @Field(() => String, {
    description: 'Digest of what it says now: a decision names it, and is about this and no other.',
  })
  digest!: string;
  @Field(() => String, { nullable: true, description: 'What was asked back.' })
  question!: string | null;
  @Field(() => String, { nullable: true, description: 'What was answered.' })
  answer!: string | null;
  @Field(() => RequestDecision, { nullable: true, description: 'The first of two approvals.' })
  firstApproval!: RequestDecision | null;
  @Field(() => RequestDecision, { nullable: true, description: 'The decision that ended it.' })
  decision!: RequestDecision | null;
  @Field(() => String, { nullable: true, description: 'What was said with the decision.' })
  message!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it waits.' })
  endedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was taken back or lapsed.' })
  endCause!: string | null;
  @Field(() => Grant, { nullable: true, description: 'What came of an approval.' })
  grant!: Grant | null;
}

export const AccessRequestConnection = connectionOf(AccessRequest, 'requests for access, the newest first');

@ArgsType()
export class AccessRequestsArgs extends PageArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;

  @Field(() => Boolean, { nullable: true, description: 'Only those that wait for a decision; default: all.' })
  @IsOptional()
  onlyOpen?: boolean | null;
}

@ArgsType()
export class VendorRequestsArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those that wait for the vendor now: of two approvals, the customer’s was given; default: all.',
  })
  @IsOptional()
  onlyOpen?: boolean | null;
}

@ObjectType({ isAbstract: true })
export abstract class AccessRequestPayload extends Payload {
  @Field(() => AccessRequest, {
    nullable: true,
    description: 'The request as it stands now; null where nothing was done.',
  })
  accessRequest!: AccessRequest | null;
}

@ObjectType({ description: 'What came of asking for access.' })
export class RequestAccessPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of asking about a request.' })
export class AskForInformationPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of answering about a request.' })
export class GiveInformationPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of approving a request.' })
export class ApproveAccessPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of declining a request.' })
export class DeclineAccessPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of taking a request back.' })
export class WithdrawAccessPayload extends AccessRequestPayload {}
@ObjectType({ description: 'What came of confirming a scope.' })
export class ConfirmScopePayload extends AccessRequestPayload {}
