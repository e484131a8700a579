import { Inject, Injectable } from '@nestjs/common';
import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { effectivePolicy } from '#domain/policy/tighten';
import { EVERYTHING, type IdentityShown } from '#wording/wording';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import type { Principal } from './principal.ts';

/**
 * How much of the vendor's people somebody reads (S0-31, S1-34, S2-27, S3-24): the vendor's own people all of it, members
 * what the settings of their workspace show today, of lines that are older too.
 */
@Injectable()
export class Identities {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  /** Asked once it is known that they may read of the workspace. @throws {NotNow} */
  async shownTo(principal: Principal, workspaceId: string): Promise<IdentityShown> {
    if (principal.realm === 'staff') return EVERYTHING;
    return this.inBook(principal, (await this.#door.desk.look(workspaceId as WorkspaceId)).state);
  }

  /** The same by a book as it stands; nothing is read. */
  inBook({ realm }: Principal, { tightening }: Book): IdentityShown {
    if (realm === 'staff') return EVERYTHING;
    return effectivePolicy(this.#door.desk.outside.installation.policy, tightening).identityShown;
  }
}
