import type { Book } from '#domain/book/book';
import type { StoredFact } from '#event-log/envelope';
import { namesFor, type TablesReader } from '#projections/index';
import { evolveNames, noNames, type Names } from '#wording/wording';
import type { OutsideStates } from '../../../desk/outside.ts';

/** Nobody waits longer for a name than this, milliseconds: a line with an id in its place is better than no line. */
const PATIENCE_MS = 500;

/**
 * What ids are called in a workspace's lines: from its book, from the directory of staff, and from the facts as they
 * come. Only what none of them tells any more (a visit long over, a member who left) is looked up in the tables, once.
 */
export class LiveNames {
  readonly #outside: OutsideStates;
  readonly #tables: TablesReader;
  readonly #patienceMs: number;
  readonly #asked = new Set<string>();
  #names: Names = noNames;

  constructor(outside: OutsideStates, tables: TablesReader, patience = 1) {
    this.#outside = outside;
    this.#tables = tables;
    this.#patienceMs = PATIENCE_MS * patience;
  }

  get now(): Names {
    return this.#names;
  }

  /** Names that the book holds; a newer one takes the place of an older one. */
  learnBook(workspaceId: string, { workspace }: Book): void {
    const people = new Map(this.#names.people);
    for (const { id, shownName } of workspace.members.all) if (shownName !== null) people.set(id, shownName);
    const cases = new Map(this.#names.cases);
    for (const { id, ref } of workspace.cases.all) cases.set(id, ref);
    const workspaces = new Map(this.#names.workspaces).set(workspaceId, workspace.name);
    this.#names = { ...this.#names, people, cases, workspaces };
  }

  learn(fact: StoredFact): void {
    this.#names = evolveNames(this.#names, fact);
  }

  /** Finds what these facts' sentences need and is not known yet. */
  async find(facts: readonly StoredFact[]): Promise<void> {
    const { installation } = this.#outside;
    this.#names = { ...this.#names, areas: new Map(Object.entries(installation.catalogue.areas)) };
    const unknown = facts.filter((fact) => this.#idsIn(fact).filter((id) => this.#isUnknown(id)).length > 0);
    if (unknown.length === 0) return;
    for (const fact of unknown) for (const id of this.#idsIn(fact)) this.#asked.add(id);
    const late = new Promise<Names>((resolve) => setTimeout(() => resolve(noNames), this.#patienceMs).unref());
    const found = await Promise.race([namesFor(this.#tables, unknown).catch(() => noNames), late]);
    const { people, sessions, requests, cases, workspaces } = this.#names;
    this.#names = {
      ...this.#names,
      people: new Map([...found.people, ...people]),
      sessions: new Map([...found.sessions, ...sessions]),
      requests: new Map([...found.requests, ...requests]),
      cases: new Map([...found.cases, ...cases]),
      workspaces: new Map([...found.workspaces, ...workspaces]),
    };
  }

  #isUnknown(id: string): boolean {
    const { people, sessions, requests, cases } = this.#names;
    if (people.has(id) || sessions.has(id) || requests.has(id) || cases.has(id)) return false;
    const staff = id.startsWith('stf_') ? this.#outside.staff(id as `stf_${string}`).state.shown : null;
    if (!staff) return !this.#asked.has(id);
    this.#names = { ...this.#names, people: new Map(people).set(id, staff.name) };
    return false;
  }

  #idsIn({ data, metadata: { actor, onBehalfOf } }: StoredFact): string[] {
    const { memberId, staffId, approvedBy, sessionId, onlyCase, caseId } = (data ?? {}) as Record<string, unknown>;
    const { viewAs, viewedAs, firstApprovedBy, requestId } = (data ?? {}) as Record<string, unknown>;
    const first = (firstApprovedBy as { readonly memberId?: unknown } | undefined)?.memberId;
    const approver = (approvedBy as { readonly memberId?: unknown } | undefined)?.memberId;
    const people = [actor.id, onBehalfOf?.id, memberId, staffId, approver, first, viewAs, viewedAs];
    const ids = [...people, sessionId, requestId, onlyCase, caseId];
    return ids.filter((id): id is string => typeof id === 'string' && /^(mem|stf|ses|req|case)_/.test(id));
  }
}
