import type { DenialFact } from '#domain/denial/denial';
import { fromInstant } from '#domain/fact';
import type { ReviewFact } from '#domain/review/review';
import type { StaffFact } from '#domain/staff/staff';
import { triedAndApproved } from './exactly.ts';
import { actorCalled, line, staffCalled, viewingAs, type Around } from './line.ts';
import { listed, stopped, strong, type Sentence } from './sentence.ts';

export function staffLine(fact: StaffFact, { names, time }: Around): Sentence {
  const { staffId } = fact.data;
  const who = staffCalled(staffId, names);
  switch (fact.type) {
    case 'StaffEnabled': {
      const { roles, personal } = fact.data;
      const as = roles.length > 0 ? ` as ${listed(roles)}` : ', with no role';
      return line(fact, [personal?.name ?? who, ' ', strong('was enabled'), as]);
    }
    case 'StaffDisabled':
      return line(fact, [who, ' ', strong('was disabled')]);
    case 'StaffSeatTaken': {
      const { workspaceId, until } = fact.data;
      const where = names.workspaces.get(workspaceId) ?? 'a workspace';
      return line(fact, [
        who,
        ' ',
        strong('took the seat'),
        ` for a visit to ${where} until ${time(fromInstant(until))}`,
      ]);
    }
    case 'StaffSeatReleased':
      return line(fact, [who, ' ', strong('gave the seat back')]);
  }
}

export function denialLine(fact: DenialFact, { names, time, actor, onBehalfOf }: Around): Sentence {
  const { attempt, because, instead, count, since, personal } = fact.data;
  const times = count > 1 ? ` ${count} times since ${time(fromInstant(since))}` : '';
  const exactly = personal?.exactly && triedAndApproved(personal.exactly);
  const as = onBehalfOf?.kind === 'member' ? `${viewingAs(onBehalfOf.id, names)},` : '';
  return line(
    fact,
    [strong('Refused:'), ` ${personal?.name ?? actorCalled(actor, names)}${as} tried to ${attempt.label}${times}`],
    [instead === null && exactly === undefined ? because : stopped(because), instead, exactly]
      .filter((said) => said != null)
      .join(' '),
  );
}

const VERDICTS: Readonly<Record<ReviewFact['data']['verdict'], string>> = {
  'permissions to mend': 'permissions are to be mended',
  'somebody to help': 'somebody needs help',
  probing: 'somebody was probing',
  'no concern': 'no concern',
};

export function reviewLine(fact: ReviewFact, { names }: Around): Sentence {
  const { by, personId, rule, verdict, personal } = fact.data;
  const whom = names.people.get(personId) ?? personId;
  return line(
    fact,
    [
      personal?.name ?? staffCalled(by, names),
      ' ',
      strong('reviewed'),
      ` what ${whom} was refused (${rule}): ${VERDICTS[verdict]}`,
    ],
    personal?.note ?? undefined,
  );
}
