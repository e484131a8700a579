import 'reflect-metadata';
import type { Provider, Type } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { WorkspaceId } from '@gatebook/protocol';
import type { BookCommand } from '#domain/book/decide';
import { Desk, type BookOutcome } from './desk.ts';
import type { Caller } from './outcome.ts';
import { Visits, type StartedVisit, type VisitingStaff, type VisitWish } from './visits.ts';

/** A command about a workspace, for the desk. */
export class HandleBookCommand extends Command<BookOutcome> {
  readonly workspaceId: WorkspaceId;
  readonly command: BookCommand;
  readonly caller: Caller;
  constructor(workspaceId: WorkspaceId, command: BookCommand, caller: Caller) {
    super();
    this.workspaceId = workspaceId;
    this.command = command;
    this.caller = caller;
  }
}

/** The start of a visit: seat first, then the book. */
export class StartVisit extends Command<StartedVisit> {
  readonly wish: VisitWish;
  readonly staff: VisitingStaff;
  readonly caller: Caller & { readonly commandId: string };
  constructor(wish: VisitWish, staff: VisitingStaff, caller: Caller & { readonly commandId: string }) {
    super();
    this.wish = wish;
    this.staff = staff;
    this.caller = caller;
  }
}

/**
 * A handler class for the command bus from a function: what handles a command is one line, and the class around it is
 * written here, once.
 */
function handler<C extends object, Dependency>(
  command: Type<C>,
  dependency: Type<Dependency>,
  handle: (command: C, dependency: Dependency) => Promise<unknown>,
): Provider {
  class Handler {
    readonly #dependency: Dependency;
    constructor(injected: Dependency) {
      this.#dependency = injected;
    }
    execute(sent: C): Promise<unknown> {
      return handle(sent, this.#dependency);
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${command.name}Handler` });
  Reflect.defineMetadata('design:paramtypes', [dependency], Handler);
  CommandHandler(command)(Handler);
  return Handler;
}

/** What GraphQL and the timekeeper reach the desk through. The package's events and sagas are not used: the log is the bus. */
export const COMMAND_HANDLERS: readonly Provider[] = [
  handler(HandleBookCommand, Desk, ({ workspaceId, command, caller }, desk) =>
    desk.handle(workspaceId, command, caller),
  ),
  handler(StartVisit, Visits, ({ wish, staff, caller }, visits) => visits.start(wish, staff, caller)),
];
