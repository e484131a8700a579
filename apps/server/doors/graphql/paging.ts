import { Inject, Injectable, type Type } from '@nestjs/common';
import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { GraphQLError } from 'graphql';
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Page, PageOptions } from '#projections/index';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';

export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;

/** What a read takes to read one's own write. */
@ArgsType()
export class PositionArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Read what holds at least this position, as a payload gave it; waits up to two seconds.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  minPosition?: string | null;
}

/** A read by id. */
@ArgsType()
export class ByIdArgs extends PositionArgs {
  @Field(() => ID, { description: 'The id of what is asked for.' })
  @IsString()
  id!: string;
}

@ArgsType()
export class PageArgs extends PositionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the front, at most ${PAGE_MAX}; default ${PAGE_DEFAULT}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Behind this cursor.' })
  @IsOptional()
  @IsString()
  @MaxLength(600)
  after?: string | null;

  @Field(() => Int, { nullable: true, description: `How many from the back, at most ${PAGE_MAX}.` })
  @IsOptional()
  @IsInt()
  @Min(1)
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Before this cursor.' })
  @IsOptional()
  @IsString()
  @MaxLength(600)
  before?: string | null;
}

@ObjectType({ description: 'Where a page of a list begins and ends.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more stands behind the page.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'Whether more stands before the page.' })
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the page’s first item.' })
  startCursor!: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the page’s last item.' })
  endCursor!: string | null;
}

/** The two types of a list: `ThingEdge` and `ThingConnection`. `what` names the items in descriptions. */
export function connectionOf<Node>(node: Type<Node>, what: string): Type<Connection<Node>> {
  @ObjectType(`${node.name}Edge`, { description: `One of the ${what.split(',')[0]}, and its cursor.` })
  class Edge {
    @Field(() => String, { description: 'For after and before.' })
    cursor!: string;
    @Field(() => node, { description: 'The item.' })
    node!: Node;
  }

  @ObjectType(`${node.name}Connection`, { description: `A page of ${what}.` })
  class ItsConnection implements Connection<Node> {
    @Field(() => [Edge], { description: 'The items with their cursors.' })
    edges!: readonly Edge[];
    @Field(() => [node], { description: 'The items without cursors.' })
    nodes!: readonly Node[];
    @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
    pageInfo!: PageInfo;
    @Field(() => Int, {
      nullable: true,
      description: `How many the list has, whatever the page; ${COUNT_MAX + 1} stands for more than ${COUNT_MAX}. Null where counting isn’t cheap.`,
    })
    totalCount!: Counted;
  }
  return ItsConnection;
}

/** Lists are counted up to here; one more stands for "more". */
export const COUNT_MAX = 1000;

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Counted;
}

type Counted = Promise<number | null> | number | null;

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Cursors carry a position and a MAC over it and the list's name, so that none can be made up or carried elsewhere. */
@Injectable()
export class Cursors {
  readonly #key: KeyObject;
  constructor(@Inject(GRAPHQL_DOOR) { cursorKey }: Pick<GraphqlDoorOptions, 'cursorKey'>) {
    this.#key = createSecretKey(cursorKey);
  }

  write(list: string, position: string): string {
    return `${Buffer.from(position).toString('base64url')}.${this.#mac(list, position)}`;
  }

  /** @throws {GraphQLError} */
  read(list: string, cursor: string): string {
    const [written = '', mac = ''] = cursor.split('.', 2);
    const position = Buffer.from(written, 'base64url').toString();
    const right = Buffer.from(this.#mac(list, position));
    const given = Buffer.from(mac);
    if (right.length !== given.length || !timingSafeEqual(right, given))
      throw badInput('The cursor is none of this list.');
    return position;
  }

  /** @throws {GraphQLError} */
  pageFrom(list: string, args: PageArgs): PageOptions {
    // An argument that is null is one that is left out.
    const [first, last] = [args.first ?? undefined, args.last ?? undefined];
    const [after, before] = [args.after ?? undefined, args.before ?? undefined];
    if ((first ?? 1) > PAGE_MAX || (last ?? 1) > PAGE_MAX) throw badInput(`A page has at most ${PAGE_MAX} items.`);
    if ((first !== undefined || after !== undefined) && (last !== undefined || before !== undefined)) {
      throw badInput('Ask from the front (first, after) or from the back (last, before), not both.');
    }
    if (last !== undefined || before !== undefined) {
      return { last: last ?? PAGE_DEFAULT, ...(before !== undefined && { before: this.read(list, before) }) };
    }
    return { first: first ?? PAGE_DEFAULT, ...(after !== undefined && { after: this.read(list, after) }) };
  }

  connection<Node extends { readonly position: string }>(
    list: string,
    page: Page<Node>,
    count: () => Counted = () => null,
  ): Connection<Node> {
    const { items } = page;
    const cursorOf = (node: Node | undefined) => (node ? this.write(list, node.position) : null);
    // Cursors are made, and items counted, only where they are selected.
    return {
      get edges() {
        return items.map((node) => ({ cursor: cursorOf(node)!, node }));
      },
      nodes: items,
      pageInfo: {
        hasNextPage: page.hasNext,
        hasPreviousPage: page.hasPrevious,
        get startCursor() {
          return cursorOf(items[0]);
        },
        get endCursor() {
          return cursorOf(items.at(-1));
        },
      },
      get totalCount() {
        return count();
      },
    };
  }

  #mac(list: string, position: string): string {
    return createHmac('sha256', this.#key).update(`cursor\n${list}\n${position}`).digest('base64url').slice(0, 22);
  }
}
