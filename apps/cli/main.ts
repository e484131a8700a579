#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { accessOff, accessOn, showAccess } from './access.ts';
import { backUp } from './backup.ts';
import { lintCatalogue } from './catalogue.ts';
import { checkConfig } from './config-check.ts';
import { devEventStoreDb } from './dev.ts';
import { doctor } from './doctor.ts';
import { CommandFailed, EXIT, exitName } from './exit.ts';
import { denials, visitLog } from './lines.ts';
import { address, count, port } from './options.ts';
import { complain, saidJson, sayJson } from './printed.ts';
import { migrateToEventStoreDb } from './migrate-log.ts';
import { workspaceAt } from './past.ts';
import { rebuildTables } from './rebuild.ts';
import { checkPolicy, diffPolicies, presets } from './policy.ts';
import { replay, tail } from './replay.ts';
import { addRequestCommands } from './request-commands.ts';
import { endSession, exitSession, listSessions, startSession } from './sessions.ts';
import { changeCatalogue, changePolicy, showPolicy, tightenPolicy } from './settings.ts';
import { disableStaff, enableStaff, listStaff } from './staff.ts';
import { printToken } from './token.ts';
import { verifySnapshots } from './verify.ts';

// Who reads only the beginning (`| head`) has seen enough: no fault of anybody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const program = new Command('gatebook')
  .description('Gatebook from the command line: who may come in, who is inside, and what the book says.')
  .version('0.1.0')
  .showHelpAfterError('(gatebook --help says more)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 done; 1 failed; 2 the call is wrong, or you are not signed in; 3 refused (a rule said no); 4 the service can't be reached.
With --json, what fails before there is an answer prints {"error": {"code", "exitCode", "message"}}, too.

The story, on a running "npm start":
  gatebook sessions start acme --as sam --case CASE-123 --reason "Failed invoice sync since Tuesday"   (refused: access is off)
  gatebook access on acme --as maria
  gatebook sessions start acme --as sam --case CASE-123 --reason "Failed invoice sync since Tuesday"
  gatebook log acme --as maria
  gatebook access off acme --as maria
  gatebook replay acme`,
  );

const common = (command: Command) =>
  command
    .addOption(
      new Option('--url <address>', 'the service')
        .default('http://localhost:4000')
        .env('GATEBOOK_URL')
        .argParser(address),
    )
    .addOption(
      new Option('--data-dir <folder>', 'data of an embedded service').default('.gatebook').env('GATEBOOK_DATA_DIR'),
    )
    .option('--json', 'print JSON, one object (or one a line for streams)', false);

const asPerson = (command: Command) =>
  common(command).addOption(
    new Option(
      '--as <person>',
      'sign in as this built-in person (embedded only); otherwise GATEBOOK_TOKEN holds an access token',
    ),
  );

const minutes = (text: string): number => {
  const unit = /^(\d+)(m|h|d)?$/.exec(text);
  if (!unit) throw new CommandFailed(EXIT.usage, `“${text}” is no length of time: 90, 90m, 24h, 7d.`);
  return Number(unit[1]) * { m: 1, h: 60, d: 1440 }[(unit[2] ?? 'm') as 'm' | 'h' | 'd'];
};

common(program.command('doctor').description('says whether the service, its log and its tables are well'))
  .option('--bootstrap', 'make the service’s user in an EventStoreDB, with the least rights it needs', false)
  .option('--admin-url <connection string>', 'an administrator of it: esdb://admin@host:2113, without the password')
  .option('--user <name>', 'the service’s user')
  .addHelpText(
    'after',
    '\nPasswords for --bootstrap: GATEBOOK_ADMIN_PASSWORD and GATEBOOK_LOG_PASSWORD, or they are asked for.',
  )
  .action(doctor);

asPerson(program.command('token').description('prints an access token of a built-in person (embedded only)'))
  .option('--fresh', 'prove identity anew', false)
  .action(printToken);

const access = program.command('access').description('the owner’s switch');
asPerson(
  access.command('show <workspace>').description('whether it is on, until when, and whether it was left on'),
).action(showAccess);
asPerson(access.command('on <workspace>').description('turns staff access on (owners and admins)'))
  .option('--for <time>', 'how long: 90m, 24h, 7d; default: as policy says', minutes)
  .option('--without <areas...>', 'areas of the product that stay closed')
  .option('--only-case <case>', 'only visits for this case')
  .action(accessOn);
asPerson(access.command('off <workspace>').description('turns staff access off; every visit ends at once')).action(
  accessOff,
);

const sessions = program.command('sessions').description('visits');
asPerson(
  sessions
    .command('list <workspace>', { isDefault: true })
    .description('who is inside now, or the notes of visits that have ended'),
)
  .option('--ended', 'the notes of visits that have ended, those that ended last first', false)
  .action(listSessions);
asPerson(sessions.command('start <workspace>').description('starts a visit; prints the one-time code to enter with'))
  .option(
    '--case <case>',
    'the support case, needed where the settings ask for one; with --grant, the case that was approved',
  )
  .option(
    '--reason <text>',
    'what you are going in to find out; the owner reads it word for word; with --grant, the approved one',
  )
  .option('--job <job>', 'a job of the catalogue, for a smaller scope; with --grant, the approved one')
  .option('--for <time>', 'how long: 30m', minutes)
  .option('--grant <request>', 'begin on what was granted: the request or its grant')
  .action(startSession);
asPerson(sessions.command('end <workspace> <session>').description('ends a visit now (owners and admins)')).action(
  endSession,
);
asPerson(sessions.command('exit <workspace> <session>').description('leaves your own visit')).action(exitSession);

addRequestCommands(program, asPerson);

const page = (command: Command) =>
  asPerson(command).option('--first <count>', 'how many lines, newest first, 1 to 100', count, 20);
page(program.command('log <workspace>').description('the visit log, a sentence a line, the newest first'))
  .option('--visit <session>', 'only lines of this visit: ses_…')
  .option('--case <case>', 'only lines that hold this case’s id, and those of visits for it: CASE-123')
  .action(visitLog);
page(program.command('denials [workspace]').description('what was refused, and why'))
  .option('--group', 'everywhere, by person and rule, and whether a reviewer has looked (reviewers)', false)
  .action(denials);

asPerson(
  program
    .command('at <workspace> <moment>')
    .description('who could enter and who was inside at a time (2026-11-21T09:00:00Z) or a position of the log'),
).action(workspaceAt);

const range = (command: Command) =>
  common(command)
    .option('--ndjson', 'the facts themselves, one JSON object a line (same as --json)', false)
    .addOption(new Option('--with-denials', 'the denials of the workspace too').default(false));
range(
  program
    .command('tail [workspace]')
    .description('follows the log as it is written, read-only (all workspaces, or one)'),
).action(tail);
range(
  program
    .command('replay <workspace>')
    .description('a workspace’s facts as sentences, read-only, straight from the log'),
)
  .option('--from <place>', 'a revision (12) or a time (2026-11-21T09:00:00Z), inclusive')
  .option('--to <place>', 'a revision or a time, inclusive')
  .action(replay);

const staff = program.command('staff').description('the vendor’s people, as the directory tells of them');
common(
  staff.command('list', { isDefault: true }).description('who they are, read-only, straight from the embedded log'),
).action(listStaff);
const ofDirectory = (command: Command) =>
  common(command)
    .option('--issuer <address>', 'who they sign in with; default: the built-in issuer of the service')
    .addHelpText('after', '\nThe directory’s key: GATEBOOK_DIRECTORY_KEY, or that of an embedded service.');
ofDirectory(
  staff.command('disable <subject>').description('takes somebody out at once: visits, requests, unused grants'),
).action(disableStaff);
ofDirectory(staff.command('enable <subject>').description('tells of somebody, or of other roles of theirs'))
  .requiredOption('--name <name>', 'what they are called')
  .requiredOption('--email <address>', 'their address')
  .requiredOption('--roles <roles...>', 'agent, lead, engineer, responder, reviewer')
  .action(enableStaff);

common(program.command('rebuild').description('builds every table anew from the log, compares, and swaps')).action(
  rebuildTables,
);

program
  .command('backup <folder>')
  .description('copies the embedded log into a folder, also while the service runs, and looks the copy through')
  .addOption(new Option('--data-dir <folder>', 'data of a service').default('.gatebook').env('GATEBOOK_DATA_DIR'))
  .option('--json', 'print JSON', false)
  .action(backUp);

program
  .command('migrate-log')
  .description('copies the embedded log into an EventStoreDB, goes on where it was ended, and compares fact by fact')
  .addOption(
    new Option('--to <connection string>', 'the EventStoreDB; a password belongs into the variable')
      .env('GATEBOOK_LOG_URL')
      .makeOptionMandatory(),
  )
  .addOption(new Option('--data-dir <folder>', 'data of a service').default('.gatebook').env('GATEBOOK_DATA_DIR'))
  .option('--check-only', 'only compare', false)
  .option('--json', 'print JSON', false)
  .action(migrateToEventStoreDb);

program
  .command('verify')
  .description('holds what is kept beside the log against the log')
  .command('snapshots')
  .description('folds every workspace that has a snapshot from its first fact, read-only, and compares')
  .addOption(new Option('--data-dir <folder>', 'data of a service').default('.gatebook').env('GATEBOOK_DATA_DIR'))
  .option('--json', 'print JSON', false)
  .action(verifySnapshots);

const policy = program.command('policy').description('the settings, and the presets that they begin from');
policy
  .command('presets [name]')
  .description('the presets’ names, or what one of them says')
  .option('--json', 'print JSON', false)
  .action(presets);
asPerson(policy.command('show <workspace>').description('the settings in force, each with where it comes from'))
  .option('--staff', 'as staff of the vendor', false)
  .action(showPolicy);
asPerson(
  policy.command('tighten <workspace>').description('makes settings stricter for a workspace (owners and admins)'),
)
  .option('--set <settings...>', 'session.capMinutes=30')
  .option('--clear <settings...>', 'settings that are to be the vendor’s again')
  .action(tightenPolicy);
asPerson(
  policy.command('change <file>').description('makes the installation’s settings stricter at once (leads)'),
).action(changePolicy);
policy
  .command('check <file>')
  .description('reads a policy as the service would and names every mistake with its line')
  .option('--json', 'print JSON', false)
  .action(checkPolicy);
policy
  .command('diff <from> <to>')
  .description('what is tighter or looser in the second; each a preset’s name or a file')
  .option('--json', 'print JSON', false)
  .action(diffPolicies);

const catalogue = program
  .command('catalogue')
  .description('the pages, actions, fields and jobs that the vendor declares');
asPerson(catalogue.command('change <file>').description('closes parts of the catalogue at once (leads)')).action(
  changeCatalogue,
);
catalogue
  .command('lint <file>')
  .description('reads a catalogue as the service would, and says what may not be meant')
  .option('--strict', 'take warnings for errors', false)
  .option('--json', 'print JSON', false)
  .action(lintCatalogue);

program
  .command('config')
  .description('the service’s configuration')
  .command('check')
  .description('reads the environment as the service would and names every bad value')
  .option('--json', 'print JSON', false)
  .action(checkConfig);

program
  .command('dev')
  .description('what a developer runs by hand')
  .command('eventstoredb')
  .description('serves the embedded log to clients of EventStoreDB, on this machine only')
  .option('--port <number>', 'where to listen', port, 2113)
  .addOption(
    new Option('--data-dir <folder>', 'data of an embedded service').default('.gatebook').env('GATEBOOK_DATA_DIR'),
  )
  .option('--json', 'print JSON', false)
  .action(devEventStoreDb);

const forPrograms = process.argv.some((word) => word === '--json' || word === '--ndjson');

function ended(exitCode: number, message: string): void {
  process.exitCode = exitCode;
  // An answer that says itself what was wrong is not followed by another.
  if (forPrograms && !saidJson()) sayJson({ error: { code: exitName(exitCode), exitCode, message } });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told people already.
    if (error.exitCode !== 0) ended(EXIT.usage, error.message);
  } else if (error instanceof CommandFailed) {
    if (error.message !== '') complain(error.message);
    ended(error.code, error.message);
  } else throw error;
}
