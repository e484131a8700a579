import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { PageArgs, PageInfo } from '../paging.ts';

@ObjectType({ description: 'A customer’s workspace.' })
export class Workspace {
  @Field(() => ID, { description: 'The workspace.' })
  id!: string;
  @Field(() => String, { description: 'The product’s own id of it.' })
  externalId!: string;
  @Field(() => String, { description: 'What the customer calls it.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Your role in it; null for staff.' })
  role!: string | null;
  @Field(() => [String], { description: 'Open support cases that a visit can start from; for staff who may visit.' })
  openCases!: string[];
}

@ObjectType({ description: 'A workspace and its cursor.' })
export class WorkspaceEdge {
  @Field(() => String, { description: 'For after and before.' })
  cursor!: string;
  @Field(() => Workspace, { description: 'The workspace.' })
  node!: Workspace;
}

@ObjectType({ description: 'A page of workspaces, by name.' })
export class WorkspaceConnection {
  @Field(() => [WorkspaceEdge], { description: 'Workspaces with their cursors.' })
  edges!: readonly WorkspaceEdge[];
  @Field(() => [Workspace], { description: 'The same without cursors.' })
  nodes!: readonly Workspace[];
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  pageInfo!: PageInfo;
}

@ArgsType()
export class WorkspacesArgs extends PageArgs {}

@ObjectType({ description: 'Who you are, as your sign-in says.' })
export class Viewer {
  @Field(() => String, { nullable: true, description: 'Your name.' })
  name!: string | null;
  @Field(() => Boolean, { description: 'Whether you are staff of the vendor.' })
  isStaff!: boolean;
  @Field(() => [String], { description: 'Your staff roles; empty for members.' })
  staffRoles!: string[];
}
