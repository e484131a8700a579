import type { Actor } from '@gatebook/protocol';
import { recognise } from '#domain/facts';
import type { Envelope, StoredFact } from '#event-log/envelope';
import { factAs, markOf, namesAs, personAs, sentenceFor, type IdentityShown, type Names } from '#wording/wording';
import type { LogLine, NamedActor } from '#projections/index';
import { decidedAt } from '#projections/runner/instants';
import { readFact } from '#projections/runner/folding';
import { bookOf } from '#projections/runner/streams';
import { shown } from '../visit-log/visit-log.ts';
import { LogEntryAppended } from './live.types.ts';
import type { LiveNames } from './live-names.ts';
import type { Numbered } from './read-back.ts';

/** Lines as somebody reads them; who reads as much of the vendor's people gets the same ones. */
export type LinesFor = (shown: IdentityShown) => readonly LogEntryAppended[];

/** Facts as lines of the book, in order: the same lines as the query gives (graphql.md, rule 7), made from the log. */
export async function linesOf(facts: readonly Numbered[], envelope: Envelope, names: LiveNames): Promise<LinesFor> {
  const read = facts.map(({ fact, number }) => ({ fact: readFact(fact, envelope), number }));
  // What these facts tell themselves is not looked up.
  for (const { fact } of read) if (fact.type === 'SessionStarted') names.learn(fact);
  await names.find(read.map(({ fact }) => fact));
  // What was known when a line was written, and not what became known by the one behind it.
  const known = read.map(({ fact, number }) => {
    names.learn(fact);
    return { fact, number, names: names.now };
  });
  const made = new Map<IdentityShown, readonly LogEntryAppended[]>();
  return (identity) => {
    const lines = made.get(identity) ?? known.map((line) => appended(line, identity));
    made.set(identity, lines);
    return lines;
  };
}

interface KnownLine {
  readonly fact: StoredFact;
  readonly number: number;
  readonly names: Names;
}

function appended({ fact, number, names }: KnownLine, identity: IdentityShown): LogEntryAppended {
  const entry = shown(lineOf({ fact: factAs(identity, fact), number, names: namesAs(identity, names) }, identity));
  return Object.assign(new LogEntryAppended(), { position: fact.position, entry });
}

function lineOf({ fact, number, names }: KnownLine, identity: IdentityShown): LogLine {
  const known = fact.data === null ? undefined : recognise(fact);
  const named = (actor: Actor): NamedActor =>
    personAs(identity, { ...actor, name: names.people.get(actor.id) ?? null });
  const { actor, onBehalfOf } = fact.metadata;
  return {
    id: fact.id,
    position: fact.position,
    number,
    workspaceId: bookOf(fact.stream) ?? '',
    kind: fact.type,
    mark: known ? markOf(known.type) : 'dot',
    outcome: known ? (known.type === 'AttemptDenied' ? 'refused' : 'done') : 'unreadable',
    occurredAt: decidedAt(fact.metadata),
    recordedAt: fact.recordedAt,
    sentence: sentenceFor(fact, names),
    actor: named(actor),
    onBehalfOf: onBehalfOf ? named(onBehalfOf) : null,
    sessionId: known && 'sessionId' in known.data ? known.data.sessionId : null,
    technical: { stream: fact.stream, revision: fact.revision, data: fact.data, metadata: fact.metadata },
  };
}
