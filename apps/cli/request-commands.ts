import { Option, type Command } from 'commander';
import { approveRequest, askAbout, declineRequest } from './decisions.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { count, instantIn } from './options.ts';
import {
  answerAbout,
  confirmScope,
  KINDS,
  listRequests,
  requestAccess,
  showGrant,
  withdrawRequest,
} from './requests.ts';

const wholeMinutes = (text: string): number => {
  if (!/^\d{1,5}$/.test(text)) throw new CommandFailed(EXIT.usage, `“${text}” is no number of minutes: 30.`);
  return Number(text);
};
const time = (text: string): string => {
  const at = instantIn(text);
  if (at === undefined)
    throw new CommandFailed(EXIT.usage, `“${text}” is no time with its zone: 2026-11-21T09:00:00Z, or …+01:00.`);
  return new Date(at).toISOString();
};

/** The commands about requests and grants: for staff who ask, and for whoever decides. */
export function addRequestCommands(program: Command, asPerson: (command: Command) => Command): void {
  asPerson(program.command('request <workspace>').description('asks for access (staff)'))
    .option('--case <case>', 'the support case; needed where the settings ask for one')
    .requiredOption('--reason <text>', 'why; who decides reads it word for word')
    .addOption(new Option('--kind <kind>', 'what is asked for').choices(KINDS).default('read'))
    .option('--action <name>', 'the one action, of a write or an export')
    .option('--target <id>', 'what the action is about')
    .option('--args <json>', 'the action’s arguments, a JSON object, exactly as it will be performed')
    .option('--field <name>', 'the one masked field, of a reveal')
    .option('--record <id>', 'the record that the field is of')
    .option(
      '--pages <pages...>',
      'exactly these pages; default: the smallest scope that serves, of a reveal the pages that show the field',
    )
    .option('--job <job>', 'a job of the catalogue, for the smallest scope')
    .option(
      '--view-as <member>',
      'the member to view as, by their id: mem_…; an owner reads it under the line that says their role',
    )
    .option('--extends <session>', 'the visit to go on from, of an extension: for its case, job, pages and view')
    .option('--minutes <minutes>', 'how long; default: as long as policy allows', wholeMinutes)
    .option('--start <time>', 'when the visit is planned to begin: 2026-11-21T09:00:00Z; default: soon', time)
    .action(requestAccess);

  asPerson(program.command('requests [workspace]').description('what was asked for, the newest first'))
    .option('--mine', 'what you asked for yourself (staff)', false)
    .option('--open', 'only what waits for a decision or an answer', false)
    .option('--first <count>', 'how many, 1 to 100', count, 20)
    .action(listRequests);

  asPerson(program.command('approve <request>').description('approves a request, as it is shown or with less'))
    .option('--pages <pages...>', 'grant exactly these pages')
    .option('--minutes <minutes>', 'grant so many minutes', wholeMinutes)
    .option('--target <id>', 'grant the action on this target')
    .option('--args <json>', 'grant the action with these arguments')
    .option('--message <text>', 'a word to the staff member')
    .option('--yes', 'approve without being asked', false)
    .action(approveRequest);
  asPerson(program.command('decline <request>').description('declines a request'))
    .option('--message <text>', 'a word to the staff member')
    .action(declineRequest);
  asPerson(program.command('ask <request> <question>').description('asks the staff member about their request')).action(
    askAbout,
  );

  asPerson(program.command('answer <request> <answer>').description('answers what was asked (staff)')).action(
    answerAbout,
  );
  asPerson(
    program.command('withdraw <request>').description('takes your request back, or its unused grant (staff)'),
  ).action(withdrawRequest);
  asPerson(program.command('confirm <request>').description('takes a scope as it was changed (staff)')).action(
    confirmScope,
  );
  asPerson(program.command('grant <request>').description('what was granted, and how far it was used')).action(
    showGrant,
  );
}
