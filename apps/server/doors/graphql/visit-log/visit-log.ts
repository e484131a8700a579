import { Inject, Injectable } from '@nestjs/common';
import {
  logCount,
  logFacets,
  logLine,
  logPage,
  type LogFilter,
  type LogLine,
  type Page,
  type PageOptions,
} from '#projections/index';
import type { Mark } from '#wording/wording';
import { shownActor } from '../actors.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX } from '../paging.ts';
import { FACETS_MAX, LogEntry, type LogFacets, type LogFilterInput, type Outcome } from './visit-log.types.ts';

/** The lines of workspaces' books as they are shown. */
@Injectable()
export class VisitLog {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  async page(
    workspaceId: string,
    page: PageOptions,
    filter: LogFilterInput | null | undefined,
  ): Promise<Page<LogEntry>> {
    const lines = await logPage(this.#door.tables, { workspaceId, page, filter: filterFrom(filter) });
    return { ...lines, items: lines.items.map(shown) };
  }

  /** Of a whole book, which is counted along its index; `null` for a filtered one, which would be looked through. */
  async count(workspaceId: string, filter: LogFilterInput | null | undefined): Promise<number | null> {
    if (Object.keys(filterFrom(filter)).length > 0) return null;
    return logCount(this.#door.tables, workspaceId, COUNT_MAX + 1);
  }

  async facets(workspaceId: string): Promise<LogFacets> {
    const { people, cases } = await logFacets(this.#door.tables, workspaceId, FACETS_MAX);
    return { people: people.map(shownActor), cases };
  }

  async line(id: string): Promise<LogEntry | undefined> {
    const line = await logLine(this.#door.tables, id);
    return line && shown(line);
  }
}

function filterFrom(filter: LogFilterInput | null | undefined): LogFilter {
  const { sessionId, actor, kind, mark, outcome, occurredAt, search } = filter ?? {};
  return {
    ...(sessionId != null && { session: sessionId }),
    ...(actor != null && { actors: actor.id.in }),
    ...(kind != null && { kinds: kind.in }),
    ...(mark != null && { marks: mark.in as readonly Mark[] }),
    ...(search != null && { search }),
    ...(outcome != null && { outcomes: outcome.in }),
    ...(occurredAt?.gte != null && { occurredFrom: occurredAt.gte.getTime() }),
    ...(occurredAt?.lt != null && { occurredBefore: occurredAt.lt.getTime() }),
  };
}

export function shown(line: LogLine): LogEntry {
  const { sentence, actor, onBehalfOf, technical, occurredAt, recordedAt, outcome, ...same } = line;
  return Object.assign(new LogEntry(), {
    ...same,
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    summary: sentence.text,
    parts: sentence.parts.map(({ text, strong = false }) => ({ text, strong })),
    detail: sentence.detail ?? null,
    actor: shownActor(actor),
    onBehalfOf: onBehalfOf && shownActor(onBehalfOf),
    outcome: outcome as Outcome,
    technicalDetail: technical,
  });
}
