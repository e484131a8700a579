import type { EndCause } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { Line } from './played.ts';

/** How often each thing came to each end, over all days. */
export class Ends {
  readonly ofVisits = new Map<EndCause, number>();
  readonly ofRequests = new Map<string, number>();
  readonly ofGrants = new Map<string, number>();
  readonly ofDeeds = new Map<string, number>();
}

function count<Key>(of: Map<Key, number>, key: Key): void {
  of.set(key, (of.get(key) ?? 0) + 1);
}

export class Misplaced extends Error {}

/** A line that must not stand where it stands. Told by an exception: asking of each line costs as much as playing it. */
function must(holds: boolean, what: string, { fact, revision }: Line<BookFact>): void {
  if (!holds) throw new Misplaced(`${what}, at ${revision}: ${JSON.stringify(fact)}`);
}

interface Asked {
  readonly staffId: string;
  readonly from: number;
  end: string | null;
}
interface Granted {
  readonly requestId: string;
  readonly staffId: string;
  readonly digest: string | null;
  readonly isChanged: boolean;
  readonly startBy: number;
  confirmed: boolean;
  sessionId: string | null;
  spent: boolean;
  lapsed: boolean;
}

/** Reads the lines of a book from the first to the last, and stops at the first that should not stand there. */
export function judge(lines: readonly Line<BookFact>[], ends: Ends): void {
  let windowUntil = -Infinity;
  let newest = -Infinity;
  let newestEnd = -Infinity;
  const lastOf = new Map<string, number>();
  const live = new Map<
    string,
    { staffId: string; plannedEnd: number; bySwitch: boolean; grantId: string | undefined }
  >();
  const over = new Set<string>();
  const requests = new Map<string, Asked>();
  const grants = new Map<string, Granted>();
  const deeds = new Map<string, string[]>();

  for (const line of lines) {
    const { fact, time } = line;
    must(time >= newest, 'Times go on', line);
    newest = time;
    if ('sessionId' in fact.data && fact.type !== 'SessionStarted' && fact.type !== 'ActionReported') {
      must(!over.has(fact.data.sessionId), 'Nothing stands behind an end', line);
      must(live.has(fact.data.sessionId), 'Nothing stands of a visit that never began', line);
    }
    if ('requestId' in fact.data && fact.type !== 'AccessRequested' && fact.data.requestId !== undefined)
      must(requests.has(fact.data.requestId), 'It was asked for', line);
    if (fact.type === 'SessionEnded' || fact.type === 'StaffAccessDisabled') {
      const at = Date.parse(fact.data.at);
      must(at >= newestEnd && at <= time, 'Ends stand in the order in which they came to be', line);
      newestEnd = at;
    }
    switch (fact.type) {
      case 'StaffAccessEnabled':
        windowUntil = fact.data.until === null ? Infinity : Date.parse(fact.data.until);
        break;
      case 'StaffAccessDisabled':
        windowUntil = -Infinity;
        break;
      case 'AccessRequested':
        must(!requests.has(fact.data.requestId), 'It is asked once', line);
        requests.set(fact.data.requestId, { staffId: fact.data.staffId, from: time, end: null });
        break;
      case 'InformationAsked':
      case 'InformationGiven':
      case 'FirstApprovalGiven':
        must(requests.get(fact.data.requestId)?.end === null, 'A request that has ended stays as it is', line);
        break;
      case 'AccessApproved': {
        const { requestId, grantId, by, change, startBy, granted } = fact.data;
        const staffId = endOf(requests, requestId, 'approved', line, ends);
        must(by.kind !== 'staff' || by.staffId !== staffId, 'Nobody approves themselves', line);
        must(
          by.kind !== 'member' || staffId !== 'stf_sam' || !['mem_twin', 'mem_double'].includes(by.memberId),
          'Nobody approves themselves in another role',
          line,
        );
        grants.set(grantId, {
          requestId,
          staffId,
          digest: granted.action?.digest ?? null,
          isChanged: change !== null,
          startBy: Date.parse(startBy),
          confirmed: false,
          sessionId: null,
          spent: false,
          lapsed: false,
        });
        break;
      }
      case 'AccessDeclined':
        endOf(requests, fact.data.requestId, 'declined', line, ends);
        break;
      case 'AccessWithdrawn':
        endOf(requests, fact.data.requestId, `withdrawn: ${fact.data.cause}`, line, ends);
        break;
      case 'AccessLapsed':
        endOf(requests, fact.data.requestId, `lapsed: ${fact.data.cause}`, line, ends);
        break;
      case 'ScopeConfirmed': {
        const grant = grants.get(fact.data.grantId);
        must(
          grant?.isChanged === true && !grant.confirmed && !grant.lapsed,
          'What was changed is confirmed once',
          line,
        );
        if (grant) grant.confirmed = true;
        break;
      }
      case 'GrantLapsed': {
        const grant = grants.get(fact.data.grantId);
        must(grant !== undefined && !grant.lapsed && !grant.spent, 'A grant ends once, and unspent', line);
        if (grant) grant.lapsed = true;
        count(ends.ofGrants, fact.data.cause);
        break;
      }
      case 'SessionStarted': {
        const { sessionId, staffId, plannedEnd, consent, grantId } = fact.data;
        const bySwitch = consent === undefined;
        must(!bySwitch || time < windowUntil, 'The switch is on', line);
        must(![...live.values()].some((visit) => visit.staffId === staffId), 'One visit for each at a time', line);
        if (grantId !== undefined) {
          const grant = grants.get(grantId);
          must(grant?.staffId === staffId && grant.sessionId === null && !grant.lapsed, 'A grant is begun once', line);
          must(grant?.isChanged === grant?.confirmed, 'What was changed is confirmed before', line);
          must(time < (grant?.startBy ?? -Infinity), 'It is begun in time', line);
          if (grant) grant.sessionId = sessionId;
        }
        live.set(sessionId, { staffId, plannedEnd: Date.parse(plannedEnd), bySwitch, grantId });
        lastOf.set(sessionId, time);
        break;
      }
      case 'ActionAuthorised':
      case 'FieldRevealed': {
        const { grantId, sessionId } = fact.data;
        const grant = grants.get(grantId);
        must(
          grant?.sessionId === sessionId && !grant.spent && !grant.lapsed,
          'A grant is spent once, in its visit',
          line,
        );
        if (fact.type === 'ActionAuthorised') {
          must(grant?.digest === fact.data.digest, 'What is done is what was approved', line);
          deeds.set(fact.data.actionId, []);
        }
        if (grant) grant.spent = true;
        inside(live.get(sessionId), windowUntil, line);
        lastOf.set(sessionId, time);
        count(ends.ofGrants, 'spent');
        break;
      }
      case 'ActionReported': {
        const told = deeds.get(fact.data.actionId);
        must(told !== undefined && told.every((one) => one === 'unknown'), 'What came of it is told once', line);
        must(fact.data.outcome !== 'unknown' || told?.length === 0, 'It is unknown once', line);
        const late = told?.length === 1 ? ', late' : '';
        told?.push(fact.data.outcome);
        count(ends.ofDeeds, fact.data.outcome + late);
        break;
      }
      case 'SessionEntered':
      case 'AreaEntered':
      case 'PageViewed':
      case 'RowsShown':
      case 'PartClicked':
      case 'PresenceConfirmed':
        inside(live.get(fact.data.sessionId), windowUntil, line);
        lastOf.set(fact.data.sessionId, time);
        break;
      case 'SessionEnded': {
        const { sessionId, cause } = fact.data;
        // Nothing of a visit stands behind its true end, and the window that ends it is closed before it.
        must(
          Date.parse(fact.data.at) >= (lastOf.get(sessionId) ?? Infinity),
          'Nothing stands behind the true end',
          line,
        );
        if (cause === 'window ended' || cause === 'revoked') must(windowUntil === -Infinity, 'Off stands before', line);
        count(ends.ofVisits, cause);
        live.delete(sessionId);
        over.add(sessionId);
        break;
      }
      case 'WorkspaceRegistered':
      case 'WorkspaceClosed':
      case 'MemberRoleChanged':
      case 'CaseOpened':
      case 'CaseClosed':
      case 'CaseMerged':
      case 'CaseReassigned':
      case 'PlanChanged':
      case 'LogExported':
      case 'WorkspacePolicyTightened':
        break;
    }
  }
}

function inside(
  visit: { readonly plannedEnd: number; readonly bySwitch: boolean } | undefined,
  windowUntil: number,
  line: Line<BookFact>,
): void {
  must(!visit?.bySwitch || line.time < windowUntil, 'The switch is on', line);
  must(line.time < (visit?.plannedEnd ?? -Infinity), 'The visit is not over', line);
}

/** Writes down the one end of a request; whose request it is. */
function endOf(requests: Map<string, Asked>, id: string, end: string, line: Line<BookFact>, ends: Ends): string {
  const asked = requests.get(id);
  must(asked?.end === null, 'A request has one end', line);
  if (asked) asked.end = end;
  count(ends.ofRequests, end);
  return asked?.staffId ?? '';
}
