import { type SessionId, type StaffId, type WorkspaceId } from '@gatebook/protocol';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { catalogueFrom } from '#server/config/declarations';
import { loadOrMakeKeys, type MadeKeys } from '#server/config/installation-keys';
import { VisitTokens } from '#server/adapters/keys/visit-tokens';
import { systemClock, type Clock } from '#server/desk/clock';
import { Desk } from '#server/desk/desk';
import { caseIdOf, memberIdOf, staffIdOf, workspaceIdOf } from '#server/desk/identity';
import { Visits } from '#server/desk/visits';
import { EntryCodes } from '#server/desk/entry-codes';
import { defaultPolicy, type Policy } from '#domain/policy/policy';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { livedTime } from './lived-time.ts';

/** A visit that stands open in a data directory, with a token to use it. */
export interface OpenVisit {
  readonly workspaceId: WorkspaceId;
  /** The workspace as the product names it. */
  readonly ref: string;
  readonly staff: { readonly subject: string; readonly name: string };
  readonly staffId: StaffId;
  readonly sessionId: SessionId;
  readonly token: string;
  /** The workspace's owner, as the members' issuer knows them. */
  readonly owner: { readonly issuer: string; readonly subject: string; readonly name: string };
}

export interface OpenVisitsOptions {
  readonly dataDirectory: string;
  readonly publicUrl: string;
  readonly count: number;
  readonly catalogueFile: string;
  /** A budget that no harness runs into, unless it wants to. */
  readonly pagesPerMinute?: number;
  readonly tokenSeconds?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** The log to open them in. Default: the embedded one of the data directory. */
  readonly openLog?: () => Promise<EventLog>;
  /** Session clocks other than policy's own. */
  readonly session?: Partial<Policy['session']>;
  /** How long each visit is asked for, by its number. Default: as long as policy allows. */
  readonly minutes?: (number: number) => number | null;
  /** Who people sign in with. Default: the issuers that the service at `publicUrl` has built in. */
  readonly issuers?: { readonly members: string; readonly staff: string };
}

const PRODUCT = 'fernway';

/**
 * Opens visits in a data directory before a service is started on it, through the same desk that the service has: one
 * workspace, one owner, one case and one staff member for each.
 */
export async function openVisits(options: OpenVisitsOptions): Promise<{ visits: OpenVisit[]; keys: MadeKeys }> {
  const {
    dataDirectory,
    publicUrl,
    count,
    pagesPerMinute = 100_000,
    tokenSeconds = 3600,
    clock = systemClock,
    minutes = () => null,
    issuers = { members: `${publicUrl}/oidc/members`, staff: `${publicUrl}/oidc/staff` },
  } = options;
  const keys = await loadOrMakeKeys(dataDirectory);
  const tokens = await VisitTokens.with(publicUrl, PRODUCT, clock, keys.signing);
  const embedded = async () => openSqliteLog({ directory: join(dataDirectory, 'log'), now: () => clock.now() });
  const log = await (options.openLog ?? embedded)();
  const desk = new Desk({ log, envelope: envelopeWith(), clock, timer: livedTime });
  const starts = new Visits(desk, new EntryCodes(new Uint8Array(32)));
  await desk.start();
  try {
    const operator = { actor: { kind: 'operator' as const, id: 'set-up' } };
    const session = { ...defaultPolicy.session, pagesPerMinute, rowsInAll: 10_000_000, ...options.session };
    await desk.handleInstallation({ type: 'ChangePolicy', policy: { ...defaultPolicy, session } }, operator);
    await desk.handleInstallation(
      { type: 'ChangeCatalogue', catalogue: catalogueFrom(options.catalogueFile) },
      operator,
    );
    const visits: OpenVisit[] = [];
    const SIDE_BY_SIDE = 100;
    for (let from = 0; from < count; from += SIDE_BY_SIDE) {
      const some = Array.from({ length: Math.min(SIDE_BY_SIDE, count - from) }, (_, i) => open(from + i));
      visits.push(...(await Promise.all(some)));
    }
    return { visits, keys };
  } finally {
    await desk.stop();
    await log.close();
  }

  async function open(number: number): Promise<OpenVisit> {
    const ref = `customer-${number}`;
    const workspaceId = workspaceIdOf(PRODUCT, ref);
    const product = { actor: { kind: 'product' as const, id: PRODUCT } };
    const owner = { issuer: issuers.members, subject: `owner-${number}`, name: `Owner ${number}` };
    const memberId = memberIdOf(workspaceId, owner.subject);
    const issuer = issuers.staff;
    const staffId = staffIdOf(issuer, `staff-${number}`);
    await desk.handleStaff(
      {
        type: 'EnableStaff',
        staffId,
        issuer,
        subject: `staff-${number}`,
        name: `Staff ${number}`,
        email: `staff-${number}@vendor.example`,
        roles: ['agent'],
      },
      product,
    );
    const told = [
      { type: 'RegisterWorkspace', workspaceId, externalId: ref, product: PRODUCT, name: `Customer ${number}` },
      {
        type: 'ChangeMemberRole',
        memberId,
        externalId: owner.subject,
        ...owner,
        email: `owner-${number}@example.test`,
        role: 'owner',
      },
      { type: 'OpenCase', caseId: caseIdOf(workspaceId, 'CASE-1'), caseRef: 'CASE-1', title: 'Failed invoice sync' },
    ] as const;
    for (const command of told) await desk.handle(workspaceId, command, product);
    const asOwner = { actor: { kind: 'member' as const, id: memberId } };
    await desk.handle(
      workspaceId,
      { type: 'EnableStaffAccess', by: owner, minutes: null, withoutAreas: [], onlyCase: null },
      asOwner,
    );
    const asStaff = { actor: { kind: 'staff' as const, id: staffId }, commandId: v7({ msecs: clock.now() }) };
    const reason = 'Failed invoice sync since Tuesday';
    const started = await starts.start(
      { workspaceId, caseRef: 'CASE-1', job: null, reason, minutes: minutes(number) },
      { staffId, identityConfirmedAt: clock.now() },
      asStaff,
    );
    if (started.kind !== 'started') throw new Error(`The visit to ${ref} did not start: ${JSON.stringify(started)}`);
    const { sessionId } = started;
    await desk.handle(workspaceId, { type: 'EnterSession', sessionId, staffId }, asStaff);
    const token = await tokens.sign(
      {
        sub: workspaceId,
        act: { sub: staffId, iss: publicUrl },
        sid: sessionId,
        ws: workspaceId,
        case: 'CASE-1',
        gb_mode: 'read',
        auth_time: Math.floor(clock.now() / 1000),
      },
      tokenSeconds,
    );
    const staff = { subject: `staff-${number}`, name: `Staff ${number}` };
    return { workspaceId, ref, staff, staffId, sessionId, token, owner };
  }
}
