import { HIDES_TEXT, hidesText, type StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Refusal, type Rule } from '../rule.ts';
import { staffMemberIsEnabled } from '../session/rules.ts';
import { bookIsReadable, workspaceIsOpen } from '../workspace/rules.ts';
import { isOpen } from './request.ts';
import {
  deciderBelongsHere,
  deciderIsEnabled,
  deciderMayDecline,
  deciderOf,
  deciderShownOf,
  openOf,
  requestIsKnown,
  requestIsOpen,
  requestIsTheirs,
  withDecider,
  withRequest,
  type DecidingCommand,
  type DecidingContext,
  type RequestCommand,
  type RequestContext,
} from './rules.ts';

/** Who decides asks the staff member something; the request waits on, and its clock runs on. */
export interface AskForInformation extends Omit<DecidingCommand, 'shown'> {
  readonly type: 'AskForInformation';
  readonly question: string;
}

/** The staff member answers. What a decider was shown before is stale then: the request reads otherwise. */
export interface GiveInformation extends RequestCommand {
  readonly type: 'GiveInformation';
  readonly staffId: StaffId;
  readonly answer: string;
}

const LENGTH_MAX = 500;

function mistakeIn(noun: 'question' | 'answer', typed: string): Omit<Refusal, 'rule'> | undefined {
  const text = typed.normalize('NFC').trim();
  const field = [noun];
  if (text === '') return { because: `There is nothing to read in the ${noun}.`, field };
  if (text.length > LENGTH_MAX)
    return { because: `The ${noun} has ${text.length} characters, and ${LENGTH_MAX} at most are read.`, field };
  return hidesText(text) ? { because: `The ${noun} ${HIDES_TEXT}.`, field } : undefined;
}

const questionIsUsable: Rule<DecidingContext<AskForInformation & { readonly shown: string }>> = rule(
  'requestSaysWhat',
  ({ command }) => mistakeIn('question', command.question),
);

const answerIsUsable: Rule<RequestContext<GiveInformation>> = rule('requestSaysWhat', ({ command }) =>
  mistakeIn('answer', command.answer),
);

const somethingWasAsked: Rule<RequestContext> = rule('requestIsOpen', ({ request }) =>
  !isOpen(request) || request.phase === 'information asked' ? undefined : { because: 'Nothing was asked about it.' },
);

export function askForInformation(command: AskForInformation, context: BookContext): Decision<BookFact> {
  const here = withDecider(context, { ...command, shown: '' });
  const refusal = firstRefusal(
    [
      deciderBelongsHere,
      bookIsReadable,
      workspaceIsOpen,
      deciderIsEnabled,
      requestIsKnown,
      requestIsOpen,
      deciderMayDecline,
      questionIsUsable,
    ],
    here,
  );
  if (refusal) return { facts: [], refusal };
  const question = command.question.normalize('NFC').trim();
  return {
    facts: [
      {
        type: 'InformationAsked',
        data: {
          requestId: command.requestId,
          by: deciderOf(here),
          digest: context.digest({ before: openOf(here).digest, question }),
          personal: { ...deciderShownOf(here), question },
        },
      },
    ],
  };
}

export function giveInformation(command: GiveInformation, context: BookContext): Decision<BookFact> {
  const here = withRequest(context, command);
  const refusal = firstRefusal(
    [
      workspaceIsOpen,
      staffMemberIsEnabled,
      bookIsReadable,
      requestIsKnown,
      requestIsTheirs,
      requestIsOpen,
      somethingWasAsked,
      answerIsUsable,
    ],
    here,
  );
  if (refusal) return { facts: [], refusal };
  const answer = command.answer.normalize('NFC').trim();
  return {
    facts: [
      {
        type: 'InformationGiven',
        data: {
          requestId: command.requestId,
          digest: context.digest({ before: openOf(here).digest, answer }),
          personal: {
            subject: command.staffId,
            name: context.staff.shown?.name ?? command.staffId,
            answer,
          },
        },
      },
    ],
  };
}
