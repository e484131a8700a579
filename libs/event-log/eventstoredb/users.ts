import { createRequire } from 'node:module';

import type { EventStoreDBClient } from '@eventstore/db-client';
import type * as UsersMessages from '@eventstore/db-client/generated/users_pb.js';

// The client has no calls for users, but ships the service's definition: taken from its own place, so that both speak
// through one copy of the gRPC library.
const ofClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client/package.json'));
const { UsersClient } = ofClient('./generated/users_grpc_pb.js') as { readonly UsersClient: unknown };
const messages = ofClient('./generated/users_pb.js') as typeof UsersMessages;

export interface UserDetails {
  readonly groups: readonly string[];
  readonly isDisabled: boolean;
}

/** The server's users, as an administrator sees and makes them. Errors are those of the call, with `code`. */
export interface Users {
  details(name: string): Promise<UserDetails | undefined>;
  create(name: string, password: string): Promise<void>;
  resetPassword(name: string, password: string): Promise<void>;
  /** Takes it out of every group. */
  leaveGroups(name: string): Promise<void>;
  enable(name: string): Promise<void>;
}

type Unary = (request: object, metadata: object, options: object, done: (error: unknown) => void) => unknown;
type Stub = Record<'create' | 'resetPassword' | 'update' | 'enable', Unary> & {
  details(request: object, metadata: object, options: object): AsyncIterable<UsersMessages.DetailsResp>;
};

/** What the client's own calls are made with; not part of what it publishes, hence the pinned version. */
interface CallsOfClient {
  execute<Answer>(service: unknown, name: string, call: (stub: Stub) => Promise<Answer>): Promise<Answer>;
  callArguments(options: { readonly requiresLeader: boolean }): [metadata: object, options: object];
}

const NOT_FOUND = 5;
const FULL_NAME = 'Gatebook service';

export function usersOf(client: EventStoreDBClient): Users {
  const calls = client as unknown as CallsOfClient;
  const unary = (name: 'create' | 'resetPassword' | 'update' | 'enable', request: object) =>
    calls.execute(UsersClient, name, (stub) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      stub[name](request, ...calls.callArguments({ requiresLeader: true }), (error) => {
        if (error) reject(error as Error);
        else resolve();
      });
      return promise;
    });

  return {
    async details(name) {
      const options = new messages.DetailsReq.Options().setLoginName(name);
      const request = new messages.DetailsReq().setOptions(options);
      try {
        return await calls.execute(UsersClient, 'details', async (stub) => {
          for await (const answer of stub.details(request, ...calls.callArguments({ requiresLeader: true }))) {
            const user = answer.getUserDetails();
            if (user) return { groups: user.getGroupsList(), isDisabled: user.getDisabled() };
          }
          return undefined;
        });
      } catch (error) {
        if ((error as { code?: unknown } | undefined)?.code === NOT_FOUND) return undefined;
        throw error;
      }
    },
    create(name, password) {
      const options = new messages.CreateReq.Options()
        .setLoginName(name)
        .setPassword(password)
        .setFullName(FULL_NAME)
        .setGroupsList([]);
      return unary('create', new messages.CreateReq().setOptions(options));
    },
    resetPassword(name, password) {
      const options = new messages.ResetPasswordReq.Options().setLoginName(name).setNewPassword(password);
      return unary('resetPassword', new messages.ResetPasswordReq().setOptions(options));
    },
    leaveGroups(name) {
      const options = new messages.UpdateReq.Options().setLoginName(name).setFullName(FULL_NAME).setGroupsList([]);
      return unary('update', new messages.UpdateReq().setOptions(options));
    },
    enable(name) {
      const options = new messages.EnableReq.Options().setLoginName(name);
      return unary('enable', new messages.EnableReq().setOptions(options));
    },
  };
}
