import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import helmet from '@fastify/helmet';
import { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bindings, ChildLoggerOptions, Logger } from 'pino';
import type { IncomingMessage } from 'node:http';
import { envelopeWith } from '#event-log/envelope';
import { embeddedIssuersAt, mountEmbeddedIssuers } from './adapters/oidc/embedded-issuers.ts';
import { loadOrCreateKeys } from './adapters/oidc/keys.ts';
import { parsePeople, type People } from './adapters/oidc/people.ts';
import { createTokenVerifier, type TrustedIssuer } from './adapters/oidc/token-verifier.ts';
import { ApiKeys } from './adapters/keys/api-keys.ts';
import { VisitTokens } from './adapters/keys/visit-tokens.ts';
import { AppModule } from './app.module.ts';
import { ConfigInvalid, type Config, type IssuerConfig } from './config/config.ts';
import { catalogueFrom, policyFrom } from './config/declarations.ts';
import { installationKeys } from './config/installation-keys.ts';
import { Connections } from './connections.ts';
import { dueBefore, startRunner } from '#projections/index';
import { wordsOf } from '#wording/word-sets';
import { CLOCK_ACTOR } from './desk/denials.ts';
import { operatorDoor } from './doors/operator/operator-door.ts';
import { Departures, workspacesOf } from './workers/departures.ts';
import { Timekeeper } from './workers/timekeeper.ts';
import { EVALUATION_PATH, type WorkspaceId } from '@gatebook/protocol';
import { HandleBookCommand } from './desk/bus.ts';
import { systemClock, type Clock } from './desk/clock.ts';
import { Desk, type DeskOptions } from './desk/desk.ts';
import { EntryCodes } from './desk/entry-codes.ts';
import { staffIdOf } from './desk/identity.ts';
import { Visits } from './desk/visits.ts';
import { endingsDoor } from './doors/endings/endings-door.ts';
import { evaluationDoor, noEvaluations } from './doors/evaluation/evaluation-door.ts';
import { LiveDoor } from './doors/graphql/live/live-door.ts';
import { trustedDocumentsFrom } from './doors/graphql/trusted-documents.ts';
import { healthDoor } from './doors/health/health-door.ts';
import { conditionsOf, gaugesOf } from './doors/health/measured.ts';
import { servePages } from './doors/pages/serve-pages.ts';
import { refuseBrokenText } from './doors/problem.ts';
import { outcomesDoor } from './doors/outcomes/outcomes-door.ts';
import { signalsDoor } from './doors/signals/signals-door.ts';
import { tokenDoor } from './doors/token/token-door.ts';
import { tellFilling } from './filling.ts';
import { NestLogger } from './nest-logger.ts';
import { SeenMark } from './seen-mark.ts';
import {
  ensureNothingIsMissing,
  keptBooks,
  keptOutside,
  openBookSnapshots,
  openConfiguredTables,
  openLog,
  openOutsideSnapshots,
} from './stores.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** The passing of time, as far as decisions go by it; default: this process's. */
  readonly timer?: DeskOptions['timer'];
  /** How many times as long as usual is waited for what is on its way; default 1. For machines that stand still. */
  readonly patience?: number;
  /** WebSockets that one person may have open; default 20. */
  readonly socketsPerPerson?: number;
  /** Where the pages were built to; default: beside the built service. */
  readonly pagesDirectory?: string;
  /** A flush failed and nobody knows what is on the disk: the process must end at once (design.md, section 9). */
  readonly onFatal: (error: unknown) => void;
}

export interface Service {
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly people: People | undefined;
  /** Stops taking requests, finishes what it has, closes its files; `onPart` hears what it waits for. */
  close(onPart?: (part: string) => void): Promise<void>;
}

/** Token life of a visit, seconds: without a signal a staff member who left is out after this at the latest (policy.md, 5). */
const VISIT_TOKEN_SECONDS = 300;
/** How long an answer that is being made when the service stops may take. */
const ANSWERS_MS = 5000;
const BODY_BYTES = 1024 * 1024;
/** Made by the build from the pages' sources. */
const TRUSTED_DOCUMENTS = 'dist/apps/web/trusted-documents.json';

/** Builds the whole service and listens. @throws {ConfigInvalid | LogLocked} */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, logger, clock = systemClock, timer, patience, socketsPerPerson, pagesDirectory, onFatal } = options;
  const { publicUrl, product } = config;
  mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
  const keys = await installationKeys(config);
  const people = config.signIn.kind === 'embedded' ? peopleFrom(config.signIn.peopleFile) : undefined;
  const onError = (error: unknown, traceId?: string) =>
    logger.error(
      { err: error, ...(traceId !== undefined && { traceId }) },
      'something failed, and the service goes on',
    );
  const log = await openLog(config, { clock, logger, patience, onFatal });
  const envelope = envelopeWith();
  const denialJournal = join(config.dataDirectory, 'denials-waiting.ndjson');
  const snapshots = openBookSnapshots(config, keys.snapshots);
  const outside = openOutsideSnapshots(config, keys.snapshots);
  const desk = new Desk({
    log,
    envelope,
    clock,
    timer,
    denialJournal,
    kept: keptBooks(snapshots),
    keptOutside: keptOutside(outside),
  });
  const codes = new EntryCodes(keys.entryCodes);
  const visits = new Visits(desk, codes);
  const stopping = new AbortController();
  const apiKeys = new ApiKeys(keys.sha256);
  const counts = noEvaluations();
  let anonymous = 0;
  const tokens = await VisitTokens.with(publicUrl, product.id, clock, keys.signing);
  const verifier = createTokenVerifier({ issuers: trustedIssuers(config), now: () => clock.now() });

  await desk.start();
  await declare(desk, config, people);
  const tables = await openConfiguredTables(config, onError);
  const mark = new SeenMark(join(config.dataDirectory, 'log-seen'));
  const onFilling = tellFilling(logger, { clock, log });
  const kept = { log, tables, envelope, snapshots, mark, onFilling };
  await ensureNothingIsMissing(config, kept).catch(async (error: unknown) => {
    await desk.stop();
    await tables.close();
    snapshots.close();
    outside.close();
    await log.close();
    throw error;
  });
  mark.follow(() => desk.seen);
  // States that another version of the fold made are made anew before anybody waits for them.
  const warmUp = desk.warmUp(snapshots.outdated());
  // The embedded log's lock is ours, so no other runner works on tables in a file, whatever a killed process left there.
  const alone = !log.isShared && !tables.isShared;
  const runner = startRunner({ log, tables, envelope, clock, alone, onError, onFilling });
  const timekeeper = new Timekeeper({
    clock,
    // One instance does it: that which works on the tables.
    dueBy: async (now, limit) =>
      runner.state === 'following'
        ? (await dueBefore(tables, now, limit)).map(({ workspaceId }) => workspaceId as WorkspaceId)
        : [],
    settle: (workspaceId) =>
      app.get(CommandBus).execute(new HandleBookCommand(workspaceId, { type: 'SettleBook' }, { actor: CLOCK_ACTOR })),
    onError,
  });

  const departures = new Departures({
    outside: desk.outside,
    clock,
    workspacesOf: (staffId) => workspacesOf(staffId, desk.outside, tables),
    remove: (workspaceId, staffId, disabledAt) => {
      const command = { type: 'RemoveStaff' as const, staffId, disabledAt };
      const caller = { actor: { kind: 'system' as const, id: 'directory' }, correlationId: staffId };
      return app.get(CommandBus).execute(new HandleBookCommand(workspaceId, command, caller));
    },
    onError,
  });

  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs the hot path more than its decision; what goes wrong there is logged by the door.
    childLoggerFactory: (
      parent: FastifyBaseLogger,
      bindings: Bindings,
      options: ChildLoggerOptions,
      request: IncomingMessage,
    ) => (request.url === EVALUATION_PATH ? parent : parent.child(bindings, options)),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({
      desk,
      visits,
      tables,
      runner,
      verifier,
      audiences: audiencesOf(config),
      clock,
      log,
      envelope,
      origins: [publicUrl, product.url, ...config.allowedOrigins],
      patience,
      socketsPerPerson,
      cursorKey: keys.cursors,
      production: config.production,
      ...(config.trustedDocuments === 'enforce' && {
        trustedDocuments: trustedDocumentsFrom(readFileSync(TRUSTED_DOCUMENTS, 'utf8')),
      }),
      enterUrl: `${product.url}/gatebook/enter`,
      onError,
      onRefusedAnonymously: () => anonymous++,
    }),
    adapter,
    { logger: new NestLogger(logger), abortOnError: false },
  );
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  refuseBrokenText(fastify);
  await app.register(helmet, helmetOptions(publicUrl));
  if (config.signIn.kind === 'embedded') {
    mountEmbeddedIssuers(adapter, {
      publicUrl,
      people: people!,
      keys: await loadOrCreateKeys(config.dataDirectory),
      products: [
        {
          clientId: product.id,
          name: product.name,
          redirectUris: {
            members: [`${product.url}/sign-in/members/callback`],
            staff: [`${product.url}/sign-in/staff/callback`],
          },
          signedOutUris: { members: [`${product.url}/`], staff: [`${product.url}/`] },
        },
      ],
      onFault: (realm, error) => logger.error({ realm, err: error }, 'the issuer failed'),
    });
  }
  servePages(fastify, { config, logger, people, directory: pagesDirectory, patience });
  evaluationDoor(fastify, { desk, keys: apiKeys, tokens, publicUrl, counts });
  tokenDoor(fastify, {
    desk,
    codes,
    keys: apiKeys,
    tokens,
    people: verifier,
    product: product.id,
    publicUrl,
    actorToken: config.actorToken,
    tokenSeconds: VISIT_TOKEN_SECONDS,
  });
  signalsDoor(fastify, { desk, keys: apiKeys, product: product.id });
  outcomesDoor(fastify, { desk, keys: apiKeys, product: product.id });
  endingsDoor(fastify, {
    log,
    envelope,
    keys: apiKeys,
    words: () => wordsOf(desk.outside.installation.policy),
    stopping: stopping.signal,
  });
  operatorDoor(fastify, { keys: apiKeys, log, envelope, tables, runner });
  const liveDoor = () => app.get(LiveDoor, { strict: false });
  healthDoor(fastify, {
    counts,
    gauges: gaugesOf({ desk, runner, snapshots, liveDoor, anonymous: () => anonymous }),
    conditions: conditionsOf({ desk, runner, log }),
  });

  // After the doors: one of them answers before the others see a request.
  const connections = new Connections(fastify.server);

  await app.init();
  await runner.ready;
  await warmUp;
  if (config.timekeeper) timekeeper.start();
  departures.start();
  await app.listen(config.port, config.host);

  return {
    url: await app.getUrl(),
    people,
    async close(onPart = () => undefined) {
      const parts: [string, () => Promise<void>][] = [
        ['answers', () => connections.drain(ANSWERS_MS)],
        ['requests', () => app.close()],
        // Together: each may wait for an answer of the log or of the database.
        ['the workers', async () => void (await Promise.all([departures.stop(), timekeeper.stop(), runner.stop()]))],
        ['decisions', () => desk.stop()],
        ['the tables', () => tables.close()],
      ];
      stopping.abort();
      for (const [part, end] of parts) {
        onPart(part);
        await end();
      }
      onPart('the log');
      mark.close();
      snapshots.close();
      outside.close();
      await log.close();
    },
  };
}

/** Policy, catalogue and, where people are built in, the staff: told at each start, written where they changed. */
async function declare(desk: Desk, config: Config, people: People | undefined): Promise<void> {
  const operator = { actor: { kind: 'operator' as const, id: 'configuration' } };
  if (config.policyFile !== undefined) {
    await desk.handleInstallation({ type: 'ChangePolicy', policy: policyFrom(config.policyFile) }, operator);
  }
  if (config.catalogueFile !== undefined) {
    await desk.handleInstallation(
      { type: 'ChangeCatalogue', catalogue: catalogueFrom(config.catalogueFile) },
      operator,
    );
  }
  const { staff: issuer } = embeddedIssuersAt(config.publicUrl).issuers;
  for (const { sub: subject, name, email, roles } of people?.staff ?? []) {
    const staffId = staffIdOf(issuer, subject);
    await desk.handleStaff({ type: 'EnableStaff', staffId, issuer, subject, name, email, roles }, operator);
  }
}

function peopleFrom(file: string): People {
  try {
    return parsePeople(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ConfigInvalid([`GATEBOOK_PEOPLE: ${file} is no list of people: ${(error as Error).message}`]);
  }
}

function audiencesOf({ signIn, publicUrl }: Config): { members: string; staff: string } {
  if (signIn.kind === 'oidc') return { members: signIn.members.audience, staff: signIn.staff.audience };
  const { resource } = embeddedIssuersAt(publicUrl);
  return { members: resource, staff: resource };
}

function trustedIssuers({ signIn, publicUrl, product }: Config): TrustedIssuer[] {
  if (signIn.kind === 'embedded') {
    const { issuers, resource } = embeddedIssuersAt(publicUrl);
    const trusted = (realm: 'members' | 'staff'): TrustedIssuer => ({
      realm,
      issuer: issuers[realm],
      jwksUri: `${issuers[realm]}/jwks`,
      audiences: [resource, product.id],
      algorithms: ['RS256'],
    });
    return [trusted('members'), trusted('staff')];
  }
  const trusted = (realm: 'members' | 'staff', { issuer, jwksUri, audience }: IssuerConfig): TrustedIssuer => ({
    realm,
    issuer,
    jwksUri,
    audiences: [audience, product.id],
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  });
  return [trusted('members', signIn.members), trusted('staff', signIn.staff)];
}

function helmetOptions(publicUrl: string) {
  return {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'none'"],
        fontSrc: ["'none'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: publicUrl.startsWith('https:') ? [] : null,
      },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') ? undefined : (false as const),
    referrerPolicy: { policy: 'no-referrer' as const },
  };
}
