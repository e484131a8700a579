import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { GraphQLError } from 'graphql';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Page, PageOptions } from '#projections/index';

export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the front, at most ${PAGE_MAX}; default ${PAGE_DEFAULT}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  first?: number;

  @Field(() => String, { nullable: true, description: 'Behind this cursor.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  after?: string;

  @Field(() => Int, { nullable: true, description: `How many from the back, at most ${PAGE_MAX}.` })
  @IsOptional()
  @IsInt()
  @Min(1)
  last?: number;

  @Field(() => String, { nullable: true, description: 'Before this cursor.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  before?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Read what holds at least this position, as a payload gave it; waits up to two seconds.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  minPosition?: string;
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

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
}

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Cursors carry a position and a MAC over it and the list's name, so that none can be made up or carried elsewhere. */
export class Cursors {
  readonly #key: Uint8Array;
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  write(list: string, position: string): string {
    return `${position}.${this.#mac(list, position)}`;
  }

  /** @throws {GraphQLError} */
  read(list: string, cursor: string): string {
    const [position = '', mac = ''] = cursor.split('.', 2);
    const right = Buffer.from(this.#mac(list, position));
    const given = Buffer.from(mac);
    if (right.length !== given.length || !timingSafeEqual(right, given))
      throw badInput('The cursor is none of this list.');
    return position;
  }

  /** @throws {GraphQLError} */
  pageFrom(list: string, { first, after, last, before }: PageArgs): PageOptions {
    if ((first ?? 1) > PAGE_MAX || (last ?? 1) > PAGE_MAX) throw badInput(`A page has at most ${PAGE_MAX} items.`);
    if ((first !== undefined || after !== undefined) && (last !== undefined || before !== undefined)) {
      throw badInput('Ask from the front (first, after) or from the back (last, before), not both.');
    }
    if (last !== undefined || before !== undefined) {
      return { last: last ?? PAGE_DEFAULT, ...(before !== undefined && { before: this.read(list, before) }) };
    }
    return { first: first ?? PAGE_DEFAULT, ...(after !== undefined && { after: this.read(list, after) }) };
  }

  connection<Item extends { readonly position: string }, Node>(
    list: string,
    page: Page<Item>,
    nodeFrom: (item: Item) => Node,
  ): Connection<Node> {
    const edges = page.items.map((item) => ({ cursor: this.write(list, item.position), node: nodeFrom(item) }));
    return {
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: page.hasNext,
        hasPreviousPage: page.hasPrevious,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }

  #mac(list: string, position: string): string {
    return createHmac('sha256', this.#key).update(`cursor\n${list}\n${position}`).digest('base64url').slice(0, 22);
  }
}
