import { Inject, Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { WorkspaceId } from '@gatebook/protocol';
import { memberWho } from '#domain/workspace/workspace';
import {
  allWorkspaces,
  membershipsOf,
  openCasesOf,
  workspaceById,
  type KnownWorkspace,
  type Page,
  type PageOptions,
} from '#projections/index';
import { NotNow } from '../../../desk/not-now.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import type { Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { tryAgain } from '../user-errors.ts';
import { Workspace } from './workspace.types.ts';

type Placed = Workspace & { readonly position: string };

const CASES_SHOWN = 100;

/** Workspaces as they are shown to somebody. */
@Injectable()
export class Workspaces {
  readonly #rights: Rights;
  readonly #door: GraphqlDoorOptions;
  /** A principal is one request's: what one of its fields has asked for, the others don't ask for again. */
  readonly #loaders = new WeakMap<Principal, DataLoader<string, readonly string[]>>();

  constructor(rights: Rights, @Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#rights = rights;
    this.#door = door;
  }

  /** A workspace that the principal was allowed to see. */
  async byId(id: string, principal: Principal): Promise<Workspace | undefined> {
    const known = await workspaceById(this.#door.tables, id);
    if (!known) return undefined;
    const role = principal.realm === 'members' ? await this.#roleIn(id, principal) : null;
    return this.#shown(known, role, principal);
  }

  /** @throws {GraphQLError} the book can't be read just now. */
  async revisionOf(id: string): Promise<number> {
    try {
      return (await this.#door.desk.look(id as WorkspaceId)).revision;
    } catch (error) {
      // A part of an answer isn't reached by the filter that says this of the whole.
      if (!(error instanceof NotNow)) throw error;
      throw new GraphQLError(tryAgain().message, { extensions: { code: 'TRY_AGAIN' } });
    }
  }

  /** Members: where they are members today. Staff who may visit or review: every open workspace. By name. */
  async page(
    principal: Principal,
    { first, after, last, before }: PageOptions,
  ): Promise<Page<Placed> & { readonly count: number }> {
    const all = await this.#visibleTo(principal);
    const size = last ?? first;
    const from = all.filter(
      ({ place }) => (after === undefined || place > after) && (before === undefined || place < before),
    );
    const cut = last === undefined ? from.slice(0, size) : from.slice(-size);
    const more = from.length > cut.length;
    const items = cut.map(async ({ workspace, role, place }) =>
      Object.assign(await this.#shown(workspace, role, principal), { position: place }),
    );
    return {
      items: await Promise.all(items),
      count: all.length,
      hasNext: last === undefined ? more : before !== undefined,
      hasPrevious: last === undefined ? after !== undefined : more,
    };
  }

  async #visibleTo(principal: Principal) {
    const { tables } = this.#door;
    const placed = (workspace: KnownWorkspace, role: string | null) => ({
      workspace,
      role,
      place: `${workspace.name.toLowerCase()}\n${workspace.id}`,
    });
    if (principal.realm === 'staff') {
      if (!this.#rights.isStaff(principal, 'visitor', 'reviewer')) return [];
      const open = (await allWorkspaces(tables)).filter(({ phase }) => phase === 'open');
      return open.map((workspace) => placed(workspace, null)).toSorted(byPlace);
    }
    const { issuer, subject } = principal.person;
    const found = await membershipsOf(tables, issuer, subject);
    // The table may be a moment behind; the book says who is a member now.
    const today = await Promise.all(
      found.map(async ({ workspace }) => placed(workspace, await this.#roleIn(workspace.id, principal))),
    );
    return today.filter(({ role }) => role !== null).toSorted(byPlace);
  }

  #openCases(principal: Principal): DataLoader<string, readonly string[]> {
    let loader = this.#loaders.get(principal);
    if (!loader) {
      loader = new DataLoader(async (ids) => {
        const cases = await openCasesOf(this.#door.tables, ids);
        return ids.map((id) => cases.get(id) ?? []);
      });
      this.#loaders.set(principal, loader);
    }
    return loader;
  }

  async #roleIn(id: string, { person: { issuer, subject } }: Principal): Promise<string | null> {
    const { state } = await this.#door.desk.look(id as WorkspaceId);
    return memberWho(state.workspace, issuer, subject)?.role ?? null;
  }

  async #shown(
    { id, externalId, name, plan }: KnownWorkspace,
    role: string | null,
    principal: Principal,
  ): Promise<Workspace> {
    const openCases = this.#rights.isStaff(principal, 'visitor') ? await this.#openCases(principal).load(id) : [];
    const shown = { id, externalId, name, role, plan, openCases: openCases.slice(0, CASES_SHOWN) };
    return Object.assign(new Workspace(), shown);
  }
}

function byPlace(a: { readonly place: string }, b: { readonly place: string }): number {
  return a.place < b.place ? -1 : a.place > b.place ? 1 : 0;
}
