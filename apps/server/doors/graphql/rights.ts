import { Inject, Injectable } from '@nestjs/common';
import { isTypedId, type WorkspaceId } from '@gatebook/protocol';
import { GraphQLError } from 'graphql';
import { memberWho } from '#projections/index';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import { notFound, type Principal } from './principal.ts';

/** What of a workspace can be read, and by whom. Each line says why. */
const READERS = {
  // Everybody in the customer's team may know whether support can come in, and who is inside.
  'the switch': { members: ['owner', 'admin', 'manager', 'agent', 'viewer'], reviewers: true },
  'who is inside': { members: ['owner', 'admin', 'manager', 'agent', 'viewer'], reviewers: true },
  // What support saw and what was refused is for those who answer for the workspace.
  'the book': { members: ['owner', 'admin', 'manager'], reviewers: true },
} as const;

export type Readable = keyof typeof READERS;

const POSITION_WAIT_MS = 2000;

/** Who may read what. Today's membership decides; for missing and foreign the answer is the same. */
@Injectable()
export class Rights {
  readonly #options: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) options: GraphqlDoorOptions) {
    this.#options = options;
  }

  /** @throws {GraphQLError} */
  async ensureMayRead(principal: Principal, workspaceId: string, what: Readable): Promise<WorkspaceId> {
    if (!isTypedId('ws', workspaceId)) throw notFound();
    const { members, reviewers } = READERS[what];
    const { issuer, subject } = principal.person;
    const member =
      principal.realm === 'members' ? await memberWho(this.#options.tables, workspaceId, issuer, subject) : undefined;
    const allowed = member
      ? (members as readonly string[]).includes(member.role)
      : reviewers && this.isReviewer(principal);
    if (!allowed) throw notFound();
    return workspaceId;
  }

  isReviewer({ staffId }: Principal): boolean {
    const { phase, roles } = this.#options.desk.outside.staff(staffId).state;
    return phase === 'enabled' && roles.includes('reviewer');
  }

  mayVisit({ staffId }: Principal): boolean {
    const { outside } = this.#options.desk;
    const { phase, roles } = outside.staff(staffId).state;
    const allowed: readonly string[] = outside.installation.policy.session.mayVisit;
    return phase === 'enabled' && roles.some((role) => allowed.includes(role));
  }

  /** Waits until the tables hold a position. @throws {GraphQLError} they don't in time. */
  async waitFor(minPosition: string | undefined): Promise<void> {
    if (minPosition === undefined || (await this.#options.runner.waitFor(minPosition, POSITION_WAIT_MS))) return;
    throw new GraphQLError('The tables are behind the log. Try again.', { extensions: { code: 'PROJECTION_LAG' } });
  }
}
