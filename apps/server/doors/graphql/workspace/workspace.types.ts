import { ArgsType, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Node } from '../node/node.types.ts';
import { connectionOf, PageArgs } from '../paging.ts';

export const MemberRole = {
  OWNER: 'owner',
  ADMIN: 'admin',
  MANAGER: 'manager',
  AGENT: 'agent',
  VIEWER: 'viewer',
} as const;
registerEnumType(MemberRole, {
  name: 'MemberRole',
  description: 'A member’s role in a workspace, as the product told it.',
  valuesMap: {
    OWNER: { description: 'Owns the workspace.' },
    ADMIN: { description: 'Runs it with the owner.' },
    MANAGER: { description: 'Answers for the team’s work.' },
    AGENT: { description: 'Works in it.' },
    VIEWER: { description: 'Looks only.' },
  },
});

@ObjectType({ implements: () => [Node], description: 'A customer’s workspace.' })
export class Workspace implements Node {
  readonly type = 'Workspace';
  @Field(() => ID, { description: 'The workspace.' })
  id!: string;
  @Field(() => String, { description: 'The product’s own id of it.' })
  externalId!: string;
  @Field(() => String, { description: 'What the customer calls it.' })
  name!: string;
  @Field(() => MemberRole, { nullable: true, description: 'Your role in it; null for staff.' })
  role!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The plan, as the product calls it; null where none was told.',
  })
  plan!: string | null;
  @Field(() => [String], { description: 'Open support cases that a visit can start from; for staff who may visit.' })
  openCases!: readonly string[];
}

export const WorkspaceConnection = connectionOf(Workspace, 'workspaces, by name');

@ArgsType()
export class WorkspacesArgs extends PageArgs {}
