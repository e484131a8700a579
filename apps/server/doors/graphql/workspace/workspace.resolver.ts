import { Inject } from '@nestjs/common';
import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { allWorkspaces, casesOf, membershipsOf } from '#projections/index';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { Cursors } from '../paging.ts';
import { May } from '../permission.ts';
import { notFound, principalOf, type GraphqlContext, type Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { Viewer, Workspace, WorkspaceConnection, WorkspacesArgs } from './workspace.types.ts';

const LIST = 'workspaces';

@Resolver(() => Workspace)
export class WorkspaceResolver {
  private readonly cursors: Cursors;

  constructor(
    private readonly rights: Rights,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {
    this.cursors = new Cursors(door.cursorKey);
  }

  @May('signed in')
  @Query(() => Viewer, { description: 'Who you are.' })
  viewer(@Context() context: GraphqlContext): Viewer {
    const { person, staffId } = principalOf(context);
    const { roles } = this.door.desk.outside.staff(staffId).state;
    return { name: person.name, isStaff: staffId !== undefined, staffRoles: [...roles] };
  }

  @May('signed in')
  @Query(() => WorkspaceConnection, {
    description: 'Members: the workspaces that are yours. Staff: those that visits could go to.',
  })
  async workspaces(@Args() args: WorkspacesArgs, @Context() context: GraphqlContext): Promise<WorkspaceConnection> {
    await this.rights.waitFor(args.minPosition);
    const page = this.cursors.pageFrom(LIST, args);
    const all = (await this.#visibleTo(principalOf(context))).map((workspace) => ({
      ...workspace,
      position: `${workspace.name.toLowerCase()}\n${workspace.id}`,
    }));
    const wanted =
      page.last === undefined
        ? all.filter(({ position }) => page.after === undefined || position > fromCursor(page.after))
        : all.filter(({ position }) => page.before === undefined || position < fromCursor(page.before)).toReversed();
    const size = page.last ?? page.first;
    const items = wanted.slice(0, size).map((item) => ({ ...item, position: toCursor(item.position) }));
    const more = wanted.length > size;
    const cut =
      page.last === undefined
        ? { items, hasNext: more, hasPrevious: page.after !== undefined }
        : { items: items.toReversed(), hasNext: page.before !== undefined, hasPrevious: more };
    const { edges, nodes, pageInfo } = this.cursors.connection(LIST, cut, ({ position: _, ...workspace }) => workspace);
    return { edges, nodes, pageInfo };
  }

  @May('signed in')
  @Query(() => Workspace, { description: 'One workspace of yours.' })
  async workspace(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext): Promise<Workspace> {
    const found = (await this.#visibleTo(principalOf(context))).find((workspace) => workspace.id === id);
    if (!found) throw notFound();
    return found;
  }

  async #visibleTo(principal: Principal): Promise<Workspace[]> {
    const { tables } = this.door;
    const { issuer, subject } = principal.person;
    if (principal.realm === 'members') {
      const theirs = await membershipsOf(tables, issuer, subject);
      return theirs
        .map(({ workspace: { id, externalId, name }, member }) => ({
          id,
          externalId,
          name,
          role: member.role,
          openCases: [],
        }))
        .toSorted(byName);
    }
    const visiting = this.rights.mayVisit(principal);
    if (!visiting && !this.rights.isReviewer(principal)) return [];
    const open = (await allWorkspaces(tables)).filter(({ phase }) => phase === 'open');
    const shown = open.map(async ({ id, externalId, name }) => {
      const cases = visiting ? await casesOf(tables, id) : [];
      const openCases = cases.filter(({ phase }) => phase === 'open').map(({ ref }) => ref);
      return { id, externalId, name, role: null, openCases };
    });
    return (await Promise.all(shown)).toSorted(byName);
  }
}

function byName(a: Workspace, b: Workspace): number {
  const [left, right] = [`${a.name.toLowerCase()}\n${a.id}`, `${b.name.toLowerCase()}\n${b.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

const toCursor = (text: string) => Buffer.from(text).toString('base64url');
const fromCursor = (text: string) => Buffer.from(text, 'base64url').toString();
