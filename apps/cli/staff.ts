import { SIGNALS_PATH, STAFF_ROLES, type Signal, type SignalsAnswer, type StaffRole } from '@gatebook/protocol';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { unknownStaff, type StaffMember } from '#domain/staff/staff';
import { fromInstant } from '#domain/fact';
import { foldStaff } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { CommandFailed, EXIT } from './exit.ts';
import { reach } from './graphql.ts';
import type { Common } from './options.ts';
import { openLog } from './replay.ts';
import { say, sayJson } from './printed.ts';

interface Known {
  readonly staffId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly roles: readonly StaffRole[];
  readonly phase: StaffMember['phase'];
}

/** Everybody whom the vendor's directory told of, read-only, straight from the log. */
export async function listStaff(options: Common): Promise<void> {
  const known = await staffInLog(options);
  if (options.json) {
    sayJson({ staff: known });
    return;
  }
  if (known.length === 0) say('The directory has told of nobody.');
  for (const { staffId, subject, name, email, roles, phase } of known) {
    const who = name === null ? subject : `${name} (${subject}${email === null ? '' : `, ${email}`})`;
    say(`${who}: ${phase === 'enabled' ? roles.join(', ') || 'no role' : 'disabled'}   ${staffId}`);
  }
}

type Directory = Common & { readonly issuer?: string };

/** Ends all that a staff member has: visits, requests, unused grants (policy.md, 5). */
export async function disableStaff(subject: string, options: Directory): Promise<void> {
  const issuer = issuerOf(options);
  const { unknown = false } = await tell(options, { id: v7(), type: 'staff.disabled', issuer, subject });
  if (unknown)
    throw new CommandFailed(
      EXIT.failed,
      `Nobody was disabled: the directory never told of “${subject}” of ${issuer}. “gatebook staff list” says who there is.`,
    );
  if (!options.json) say(`${subject} is disabled: visits end, requests are taken back, unused grants lapse.`);
}

type Enable = Directory & { readonly name: string; readonly email: string; readonly roles: readonly string[] };

export async function enableStaff(subject: string, options: Enable): Promise<void> {
  const { name, email } = options;
  const roles = options.roles.map((role) => {
    const known = STAFF_ROLES.find((one) => one === role);
    if (!known) throw new CommandFailed(EXIT.usage, `“${role}” is no role. There are: ${STAFF_ROLES.join(', ')}.`);
    return known;
  });
  await tell(options, { id: v7(), type: 'staff.enabled', issuer: issuerOf(options), subject, name, email, roles });
  if (!options.json) say(`${name} is enabled: ${roles.join(', ')}.`);
}

const SAID_OF: Readonly<Record<number, string>> = { 401: 'The directory’s key is not the one that the service knows.' };

function issuerOf({ issuer, url }: Directory): string {
  return issuer ?? `${url}/oidc/staff`;
}

async function tell(options: Common, signal: Signal): Promise<SignalsAnswer['results'][number]> {
  const answer = await reach(options.url + SIGNALS_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${directoryKey(options)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ signals: [signal] }),
  });
  const body = (await answer.json().catch(() => undefined)) as (SignalsAnswer & { detail?: string }) | undefined;
  const [result] = body?.results ?? [];
  if (!answer.ok || !result) {
    const code =
      answer.status === 401 || answer.status === 400 ? EXIT.usage : answer.status === 403 ? EXIT.refused : EXIT.failed;
    throw new CommandFailed(code, body?.detail ?? SAID_OF[answer.status] ?? `The service answered ${answer.status}.`);
  }
  if (options.json) sayJson(result);
  if (result.outcome === 'refused') throw new CommandFailed(EXIT.refused, result.because ?? 'It was refused.');
  return result;
}

/** @throws {CommandFailed} */
function directoryKey({ dataDir }: Common): string {
  const given = process.env['GATEBOOK_DIRECTORY_KEY'];
  if (given) return given;
  const file = join(dataDir, 'keys.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { directory: string }).directory;
  } catch {
    throw new CommandFailed(
      EXIT.usage,
      `This needs the directory's key: GATEBOOK_DIRECTORY_KEY, or ${file} of an embedded service.`,
    );
  }
}

async function staffInLog(options: Common): Promise<Known[]> {
  const envelope = envelopeWith();
  const log = openLog(options);
  const states = new Map<string, { state: StaffMember; person: { issuer: string; subject: string } }>();
  try {
    for await (const recorded of log.readAll({ streamPrefixes: ['staff-'] })) {
      const fact = envelope.decode(recorded);
      const { actor, commandId, commandDigest, time: at } = fact.metadata;
      const written = { id: recorded.id, revision: recorded.revision, time: fromInstant(at), actor, commandId };
      const id = recorded.stream.slice('staff-'.length);
      const before = states.get(id);
      const told = (fact.data as { person?: { issuer: string; subject: string } }).person;
      states.set(id, {
        state: foldStaff(before?.state ?? unknownStaff, fact, { ...written, commandDigest }),
        person: told ?? before?.person ?? { issuer: '', subject: id },
      });
    }
  } finally {
    await log.close();
  }
  return [...states].map(
    ([
      staffId,
      {
        state: { shown, roles, phase },
        person,
      },
    ]) => ({
      staffId,
      ...person,
      name: shown?.name ?? null,
      email: shown?.email ?? null,
      roles,
      phase,
    }),
  );
}
