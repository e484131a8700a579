import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import { whoCouldEnter } from '#domain/book/could-enter';
import { isStanding } from '#domain/grant/grant';
import { isOpen } from '#domain/request/request';
import { TooFarBack, type Moment, type PastBook } from '../../../desk/past.ts';
import { bookDigest } from '../../../desk/desk.ts';
import type { StaffMember } from '../actors.ts';
import { personAs, type IdentityShown } from '#wording/wording';
import { Identities } from '../identities.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { shownPolicy } from '../policy/shown.ts';
import { shownStaffAccess } from '../staff-access/shown.ts';
import { PossibleEntry, WorkspaceAt, WorkspaceAtArgs } from './past.types.ts';

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** What an answer was made of, for the field that asks more of it. */
type Answered = WorkspaceAt & { readonly past: PastBook; readonly moment: Moment };

/** Past moments, folded from the log; today's membership says who may ask (design.md, section 5). */
@Resolver(() => WorkspaceAt)
export class PastResolver {
  constructor(
    private readonly identities: Identities,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('workspaceAt')
  @Query(() => WorkspaceAt, {
    description: 'A workspace as it stood: who could enter, who was inside, what waited, what was granted.',
  })
  async workspaceAt(
    @Args() { workspaceId, position, time }: WorkspaceAtArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<WorkspaceAt> {
    const moment = await this.#momentOf(position ?? undefined, time ?? undefined);
    const id = workspaceId as WorkspaceId;
    const past = await this.#reading(this.door.desk.past.at(id, moment));
    const identity = await this.identities.shownTo(principal, id);
    return Object.assign(new WorkspaceAt(), this.#shown(id, past, identity), { past, moment });
  }

  @ResolveField(() => [PossibleEntry], {
    description: 'Who could enter: for whom, and for which open cases, the rules would have let a visit begin.',
  })
  async couldEnter(
    @Parent() { past, moment }: Answered,
    @Context() { principal: { realm } }: GraphqlContext,
  ): Promise<PossibleEntry[]> {
    const { desk } = this.door;
    const staff = await this.#reading(desk.past.staffAt(desk.outside.everybody, moment));
    const { book, installation, asOf: now } = past;
    // Of people who never came, the customer learns that there are such, and no names.
    const shown = (id: StaffId) => (realm === 'staff' ? this.#staff(id) : { id, name: null });
    return whoCouldEnter({ book, installation, now, digest: bookDigest }, staff).map(
      ({ staffId, caseRef, grantId }) => ({ staff: shown(staffId), caseRef, grantId }),
    );
  }

  /** @throws {GraphQLError} */
  async #momentOf(position: string | undefined, time: Date | undefined): Promise<Moment> {
    if ((position === undefined) === (time === undefined)) throw badInput('Name a position or a time, one of the two.');
    if (time !== undefined) {
      if (time.getTime() > this.door.clock.now()) throw badInput('This time lies ahead.');
      return { time: time.getTime() };
    }
    const head = await this.door.log.head();
    if (position === undefined || position.length !== head.length || position > head)
      throw badInput('position is no position of this log: name one of those that its answers say, 20 digits.');
    return { position };
  }

  async #reading<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof TooFarBack)) throw error;
      const message = `More than ${error.most.toLocaleString('en')} lines would have to be read again for this moment. Ask for a later one, or replay the log.`;
      throw new GraphQLError(message, { extensions: { code: 'TOO_FAR_BACK' } });
    }
  }

  #staff(id: StaffId, name?: string | null): StaffMember {
    return { id, name: name ?? this.door.desk.outside.staff(id).state.shown?.name ?? null };
  }

  #shown(workspaceId: WorkspaceId, past: PastBook, identity: IdentityShown): WorkspaceAt {
    const { book, installation, revision, position, asOf } = past;
    const { workspace, sessions, requests, grants } = book;
    const staff = (id: StaffId, name?: string | null) => personAs(identity, this.#staff(id, name));
    return {
      workspaceId,
      asOf: new Date(asOf),
      position,
      revision,
      readable: book.readable,
      open: workspace.phase === 'open',
      name: workspace.name,
      plan: workspace.plan,
      staffAccess: shownStaffAccess({ workspaceId, book, revision, installation, now: asOf }),
      members: workspace.members.all.map(({ id, shownName, role, billingContact }) => ({
        id,
        name: shownName,
        role,
        billingContact,
      })),
      openCases: workspace.cases.all.filter(({ phase }) => phase === 'open').map(({ ref }) => ref),
      inside: sessions.live().map((session) => ({
        id: session.id,
        staff: staff(session.staffId, session.shown?.staffName),
        caseRef: session.caseRef,
        startedAt: new Date(session.startedAt),
        plannedEnd: new Date(session.plannedEnd),
        entered: session.entered,
        can: session.can,
        cannot: session.cannot,
      })),
      requests: requests
        .filter(isOpen)
        .map(({ id, kind, phase, staffId, shown, caseRef, wanted, askedAt, lapsesAt }) => ({
          id,
          kind,
          phase,
          staff: staff(staffId, shown?.staffName),
          caseRef,
          minutes: wanted.minutes,
          can: wanted.can,
          askedAt: new Date(askedAt),
          lapsesAt: new Date(lapsesAt),
        })),
      grants: grants
        .filter(isStanding)
        .map(({ id, requestId, kind, phase, staffId, shown, caseRef, granted, startBy }) => ({
          id,
          requestId,
          kind,
          phase,
          staff: staff(staffId, shown?.staffName),
          caseRef,
          minutes: granted.minutes,
          can: granted.can,
          startBy: new Date(startBy),
        })),
      policy: shownPolicy(installation.policy, book.tightening),
    };
  }
}
