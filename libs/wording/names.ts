import type { Actor } from '@gatebook/protocol';
import { fromInstant } from '#domain/fact';
import { recognise, type ReadFact } from '#domain/facts';

/** What wording reads of a fact: what was recorded, when it was decided, and by whom. */
export type SpokenFact = ReadFact & {
  readonly metadata: { readonly time: string; readonly actor: Actor };
};

/** A visit as later lines speak of it. Times are epoch milliseconds. */
export interface NamedSession {
  readonly staffId: string;
  /** As it stood when the visit began; `null` once erased. */
  readonly staffName: string | null;
  readonly startedAt: number;
  readonly plannedEnd: number;
}

/** Who asked, as later lines about a request speak of it. */
export interface NamedRequest {
  readonly staffId: string;
  readonly staffName: string | null;
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
      const { requestId, staffId, personal } = fact.data;
      const request: NamedRequest = { staffId, staffName: personal?.staffName ?? null };
      return { ...names, requests: new Map(names.requests).set(requestId, request) };
    }
    case 'SessionStarted': {
      const { sessionId, staffId, plannedEnd, personal } = fact.data;
      const session: NamedSession = {
        staffId,
        staffName: personal?.staffName ?? null,
        startedAt: fromInstant(read.metadata.time),
        plannedEnd: fromInstant(plannedEnd),
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
