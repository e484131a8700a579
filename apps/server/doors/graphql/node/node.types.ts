import { Field, ID, InterfaceType } from '@nestjs/graphql';

@InterfaceType({
  description: 'Whatever can be looked up by its id.',
  resolveType: ({ type }: Node) => type,
})
export abstract class Node {
  readonly type!: string;
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}
