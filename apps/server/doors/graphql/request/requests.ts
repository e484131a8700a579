import { Inject, Injectable } from '@nestjs/common';
import type { MemberId } from '@gatebook/protocol';
import { memberCalled } from '#wording/line';
import { exactText } from '#wording/exactly';
import { requestHeading, waitsAgain } from '#wording/request-lines';
import { wordsOf, type WordSet } from '#wording/word-sets';
import { noNames, personAs, sentenceFor, type IdentityShown } from '#wording/wording';
import { toInstant } from '#domain/fact';
import { TRIGGERS } from '#domain/policy/triggers';
import {
  requestById,
  requestsCount,
  requestsPage,
  waitingForVendor,
  type DecidedBy,
  type ForVendor,
  type Page,
  type PageOptions,
  type RequestLine,
  type RequestsQuery,
} from '#projections/index';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX } from '../paging.ts';
import { tablesReach } from '../tables-reach.ts';
import { AccessRequest, type RequestDecision } from './request.types.ts';
import { siftedPage } from './sifted.ts';
import { standingsFrom, type StandingNow } from './standing.ts';

/** What the vendor decides about; of what waits, nothing that the customer decides first by the settings and roles of now. */
interface ForVendorNow extends ForVendor {
  readonly standings: ReturnType<typeof standingsFrom>;
}

type Asked = Omit<RequestsQuery, 'page' | 'forVendor'> & { readonly forVendor?: ForVendorNow };

/** Requests as they are shown. */
@Injectable()
export class Requests {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  get #words(): WordSet {
    return wordsOf(this.#door.desk.outside.installation.policy);
  }

  async page(
    query: Asked,
    page: PageOptions,
    identity: IdentityShown,
  ): Promise<Page<AccessRequest & { readonly position: string }>> {
    const found = await this.#page(query, page);
    const standing = await this.#standing(found.items, query.forVendor?.standings);
    const items = found.items.map((line) =>
      Object.assign(shown(line, identity, this.#words, standing), { position: line.position }),
    );
    return { ...found, items };
  }

  /** What the vendor decides about as this staff member reads it. */
  forVendor(reader: string, waiting: boolean): Promise<ForVendorNow> {
    const { desk } = this.#door;
    const { asked } = desk.outside.installation.policy.approval;
    // A workspace's own settings are only ever tighter.
    const customerFirst = TRIGGERS.filter((trigger) => asked[trigger] === 'customer' || asked[trigger] === 'both');
    return Promise.resolve({ reader, waiting, customerFirst, standings: standingsFrom(desk) });
  }

  #page({ forVendor, ...query }: Asked, page: PageOptions): Promise<Page<RequestLine>> {
    const { tables } = this.#door;
    const read = (part: PageOptions) => requestsPage(tables, { ...query, ...(forVendor && { forVendor }), page: part });
    if (!forVendor?.waiting) return read(page);
    return siftedPage(page, { read, sift: (rows) => vendorsTurn(rows, forVendor) });
  }

  #standing(lines: readonly RequestLine[], standings = standingsFrom(this.#door.desk)): Promise<StandingNow> {
    return standings(lines.filter(({ endedAt }) => endedAt === null));
  }

  /** `null`: so many wait that it isn't cheap to tell for which of them it is the vendor's turn. */
  async count({ forVendor, ...query }: Asked): Promise<number | null> {
    const { tables } = this.#door;
    const most = COUNT_MAX + 1;
    if (!forVendor?.waiting) return requestsCount(tables, { ...query, ...(forVendor && { forVendor }) }, most);
    const open = await waitingForVendor(tables, forVendor, most);
    const { length } = await vendorsTurn(open, forVendor);
    return open.length < most || length === most ? length : null;
  }

  async byId(id: string, identity: IdentityShown): Promise<AccessRequest | undefined> {
    const line = await requestById(this.#door.tables, id);
    return line && shown(line, identity, this.#words, await this.#standing([line]));
  }

  /** A request as it stands behind a command's position; `null` where the tables don't come that far in time. */
  async after(position: string | null, id: string, identity: IdentityShown): Promise<AccessRequest | null> {
    if (position !== null && !(await tablesReach(this.#door, position))) return null;
    return (await this.byId(id, identity)) ?? null;
  }
}

/** Of requests that wait, those that the customer doesn't decide first. */
async function vendorsTurn<Named extends { readonly id: string; readonly workspaceId: string }>(
  requests: readonly Named[],
  { standings }: ForVendorNow,
): Promise<readonly Named[]> {
  const standing = await standings(requests);
  return requests.filter((request) => standing(request)?.waitsFor !== 'customer');
}

/** A request as it is shown; `standing` where it waits. */
export function shown(
  known: RequestLine,
  identity: IdentityShown,
  words: WordSet,
  standing: StandingNow,
): AccessRequest {
  const line = lineAs(identity, known);
  const { staff, grant, change, asked, wanted, viewAs } = line;
  const now = line.endedAt === null ? standing(line) : undefined;
  return Object.assign(new AccessRequest(), {
    id: line.id,
    workspaceId: line.workspaceId,
    staffId: staff.id,
    staffName: staff.name,
    staffEmail: staff.email,
    kind: line.kind,
    caseRef: line.caseRef,
    job: line.job,
    reason: line.reason,
    heading: requestHeading({ kind: line.kind, staffName: staff.name, wanted, viewAs: calledAs(viewAs) }, words),
    summary: summaryOf(line),
    viewAs: viewAs?.id ?? null,
    viewAsName: viewAs?.name ?? null,
    asked,
    scope: wanted,
    change: change && { removed: change.removed, added: change.added, minutesAsked: change.minutes?.from ?? null },
    argumentsJson: line.arguments && exactText(line.arguments),
    scopeArgumentsJson: line.wantedArguments && exactText(line.wantedArguments),
    triggers: line.triggers,
    asks: now?.asks ?? line.asks,
    waitsFor: now?.waitsFor ?? null,
    waitsAgain: now?.firstCountsNoMore ? waitsAgain(now.firstCountsNoMore, line.firstApproval?.name ?? null) : null,
    requestedAt: new Date(line.requestedAt),
    plannedStart: line.plannedStart === null ? null : new Date(line.plannedStart),
    lapsesAt: new Date(line.lapsesAt),
    phase: line.phase,
    digest: line.digest,
    question: line.question,
    answer: line.answer,
    firstApproval: line.firstApproval && decided(line.firstApproval),
    decision: line.decision && decided(line.decision),
    message: line.message,
    endedAt: line.endedAt === null ? null : new Date(line.endedAt),
    endCause: line.endCause,
    grant: grant && {
      id: grant.id,
      phase: grant.phase,
      cause: grant.cause,
      startBy: new Date(grant.startBy),
      sessionId: grant.sessionId,
      actionOutcome: grant.actionOutcome,
    },
  });
}

/** A request with as much of the vendor's people as somebody reads. */
function lineAs(identity: IdentityShown, line: RequestLine): RequestLine {
  const { staff, firstApproval, decision } = line;
  return {
    ...line,
    staff: personAs(identity, staff),
    firstApproval: firstApproval && personAs(identity, firstApproval),
    decision: decision && personAs(identity, decision),
  };
}

/** A member by name, or by id once it is erased. */
function calledAs(member: RequestLine['viewAs']): string | null {
  return (
    member && memberCalled(member.id, { ...noNames, people: new Map(member.name ? [[member.id, member.name]] : []) })
  );
}

function decided({ id, name, at }: DecidedBy): RequestDecision {
  return { id, name, at: new Date(at) };
}

/** The line that asking wrote, from one renderer for screens, mail and exports. */
function summaryOf(line: RequestLine): string {
  return sentenceFor(
    {
      type: 'AccessRequested',
      data: {
        requestId: line.id,
        staffId: line.staff.id,
        person: { issuer: '', subject: '' },
        kind: line.kind,
        caseId: 'case_',
        caseRef: line.caseRef,
        job: line.job,
        viewAs: line.viewAs && (line.viewAs.id as MemberId),
        wanted: line.asked,
        extends: null,
        plannedStart: null,
        triggers: line.triggers,
        asks: line.asks,
        lapsesAt: toInstant(line.lapsesAt),
        digest: line.digest,
        reliedOn: { policy: 0, catalogue: 0, staff: 0 },
        ...(line.reason !== null && {
          personal: {
            subject: line.staff.id,
            staffName: line.staff.name ?? line.staff.id,
            staffEmail: line.staff.email ?? '',
            reason: line.reason,
            arguments: null,
          },
        }),
      },
      metadata: { time: toInstant(line.requestedAt), actor: { kind: 'staff', id: line.staff.id } },
    },
    line.viewAs?.name ? { ...noNames, people: new Map([[line.viewAs.id, line.viewAs.name]]) } : noNames,
  ).text;
}
