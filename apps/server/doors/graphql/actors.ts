import { createUnionType, Field, ID, ObjectType } from '@nestjs/graphql';
import type { NamedActor } from '#projections/index';

@ObjectType({ description: 'A named person of the vendor.' })
export class StaffMember {
  @Field(() => ID, { description: 'Pseudonymous id.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'Name; null once erased.' })
  name!: string | null;
}

@ObjectType({ description: 'A member of the workspace, or a stranger to it.' })
export class WorkspaceMember {
  @Field(() => ID, { description: 'Pseudonymous id.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'Name; null once erased.' })
  name!: string | null;
}

@ObjectType({ description: 'Gatebook itself, or its operator.' })
export class SystemActor {
  @Field(() => ID, { description: 'Which part acted: the clock, the desk, the configuration.' })
  id!: string;
}

@ObjectType({ description: 'A product, by its key.' })
export class ApiClient {
  @Field(() => ID, { description: 'The product’s id.' })
  id!: string;
}

export interface ShownActor {
  readonly type: 'StaffMember' | 'WorkspaceMember' | 'SystemActor' | 'ApiClient';
  readonly id: string;
  readonly name: string | null;
}

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did it.',
  types: () => [StaffMember, WorkspaceMember, SystemActor, ApiClient] as const,
  resolveType: (actor: unknown) => (actor as ShownActor).type,
});

const TYPES = {
  staff: 'StaffMember',
  member: 'WorkspaceMember',
  product: 'ApiClient',
  system: 'SystemActor',
  operator: 'SystemActor',
} as const;

export function shownActor({ kind, id, name }: NamedActor): ShownActor {
  return { type: TYPES[kind], id, name };
}
