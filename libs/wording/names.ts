import type { Actor } from '@gatebook/protocol';
import { fromInstant } from '#domain/fact';
import { recognise, type ReadFact } from '#domain/facts';
import type { RequestKind, Wanted } from '#domain/request/request';

/** What wording reads of a fact: what was recorded, when it was decided, and by whom. */
export type SpokenFact = ReadFact & {
  readonly metadata: { readonly time: string; readonly actor: Actor; readonly onBehalfOf?: Actor };
};

/** A visit as later lines speak of it. Times are epoch milliseconds. */
export interface NamedSession {
  readonly staffId: string;
  /** As it stood when the visit began; `null` once erased. */
  readonly staffName: string | null;
  readonly startedAt: number;
  readonly plannedEnd: number;
  /** The member viewed as; left out or `null`: as support. */
  readonly viewedAs?: string | null;
}

/** Who asked, as later lines about a request speak of it. */
export interface NamedRequest {
  readonly staffId: string;
  readonly staffName: string | null;
  /** The member to view as; left out or `null`: as support. */
  readonly viewAs?: string | null;
  /** What it is for, as it stands or was granted; left out: not known to who renders. */
  readonly about?: { readonly kind: RequestKind; readonly wanted: Pick<Wanted, 'action' | 'field'> };
}

/**
 * What ids are called. Whoever renders a line fills in the names that it needs, from facts ({@link evolveNames}) or from
 * tables; a name that is missing or erased is spoken of by its pseudonymous id.
 */
export interface Names {
  /** Staff members and members by id. */
  readonly people: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<string, NamedSession>;
  readonly requests: ReadonlyMap<string, NamedRequest>;
  readonly workspaces: ReadonlyMap<string, string>;
  /** The help desk's own case ids, by ours. */
  readonly cases: ReadonlyMap<string, string>;
  /** The catalogue's areas. */
  readonly areas: ReadonlyMap<string, string>;
}

export const noNames: Names = {
  people: new Map(),
  sessions: new Map(),
  requests: new Map(),
  workspaces: new Map(),
  cases: new Map(),
  areas: new Map(),
};

/** Learns the names that a fact tells. Folding a log from its start needs no table to tell the same story. */
export function evolveNames(names: Names, read: SpokenFact): Names {
  const fact = recognise(read);
  switch (fact?.type) {
    case 'WorkspaceRegistered':
      return { ...names, workspaces: withName(names.workspaces, fact.data.workspaceId, fact.data.name) };
    case 'MemberRoleChanged':
      return { ...names, people: withName(names.people, fact.data.memberId, fact.data.personal?.name) };
    case 'StaffEnabled':
      return { ...names, people: withName(names.people, fact.data.staffId, fact.data.personal?.name) };
    case 'CaseOpened':
      return { ...names, cases: withName(names.cases, fact.data.caseId, fact.data.caseRef) };
    case 'AccessRequested': {
      const { requestId, staffId, kind, wanted, viewAs, personal } = fact.data;
      const staffName = personal?.staffName ?? null;
      const request: NamedRequest = { staffId, staffName, viewAs, about: { kind, wanted } };
      return { ...names, requests: new Map(names.requests).set(requestId, request) };
    }
    case 'FirstApprovalGiven':
    case 'AccessApproved': {
      const { requestId, granted } = fact.data;
      const known = names.requests.get(requestId);
      if (!known?.about) return names;
      const request: NamedRequest = { ...known, about: { ...known.about, wanted: granted } };
      return { ...names, requests: new Map(names.requests).set(requestId, request) };
    }
    case 'SessionStarted': {
      const { sessionId, staffId, plannedEnd, viewedAs, personal } = fact.data;
      const session: NamedSession = {
        staffId,
        staffName: personal?.staffName ?? null,
        startedAt: fromInstant(read.metadata.time),
        plannedEnd: fromInstant(plannedEnd),
        viewedAs,
      };
      return { ...names, sessions: new Map(names.sessions).set(sessionId, session) };
    }
    case 'CatalogueChanged':
      return { ...names, areas: new Map([...names.areas, ...Object.entries(fact.data.catalogue.areas)]) };
    default:
      return names;
  }
}

function withName(
  known: ReadonlyMap<string, string>,
  id: string,
  name: string | undefined,
): ReadonlyMap<string, string> {
  if (name === known.get(id)) return known;
  const next = new Map(known);
  // A fact whose personal part was erased takes no name away that another fact still tells.
  if (name !== undefined) next.set(id, name);
  return next;
}
