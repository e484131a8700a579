import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { EmailAddress } from '../scalars.ts';
import { MemberRole } from '../workspace/workspace.types.ts';

export const Realm = { MEMBERS: 'members', STAFF: 'staff' } as const;
registerEnumType(Realm, {
  name: 'Realm',
  description: 'Which issuer signed you in.',
  valuesMap: { MEMBERS: { description: 'The customers’.' }, STAFF: { description: 'The vendor’s.' } },
});

export const StaffRole = {
  AGENT: 'agent',
  LEAD: 'lead',
  ENGINEER: 'engineer',
  RESPONDER: 'responder',
  REVIEWER: 'reviewer',
} as const;
registerEnumType(StaffRole, {
  name: 'StaffRole',
  description: 'A staff member’s role, as the vendor’s directory told it.',
  valuesMap: {
    AGENT: { description: 'Answers cases.' },
    LEAD: { description: 'Leads a support team.' },
    ENGINEER: { description: 'Mends what support can’t.' },
    RESPONDER: { description: 'Acts in emergencies.' },
    REVIEWER: { description: 'Reads every workspace’s visit log, and checks the visits.' },
  },
});

@ObjectType({ description: 'You, as a member of a workspace.' })
export class Membership {
  @Field(() => ID, { description: 'The workspace.' })
  workspaceId!: string;
  @Field(() => String, { description: 'What the customer calls it.' })
  workspaceName!: string;
  @Field(() => ID, { description: 'Your pseudonymous id there, as the book has it.' })
  memberId!: string;
  @Field(() => MemberRole, { description: 'Your role in it.' })
  role!: string;
}

@ObjectType({ description: 'Who you are: your sign-in’s word for your name, the log’s word for your roles.' })
export class Viewer {
  @Field(() => Realm, { description: 'Which issuer signed you in.' })
  realm!: string;
  @Field(() => String, { nullable: true, description: 'Your name.' })
  name!: string | null;
  @Field(() => EmailAddress, { nullable: true, description: 'Your e-mail address.' })
  email!: string | null;
  @Field(() => Boolean, { description: 'Whether you are staff of the vendor.' })
  isStaff!: boolean;
  @Field(() => [StaffRole], { description: 'Your staff roles; empty for members, and for staff who are not enabled.' })
  staffRoles!: readonly string[];
  @Field(() => Boolean, { description: 'Whether you decide about requests for the vendor, by the settings in force.' })
  decidesForVendor!: boolean;
  @Field(() => [Membership], { description: 'Your workspaces, by name, at most 100; empty for staff.' })
  memberships!: readonly Membership[];
}
