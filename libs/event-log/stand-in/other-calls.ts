import type { Access } from './access.ts';
import type { FaultSwitches } from './faults.ts';
import { gossip, serverFeatures, shared, streamsService, users as messages, usersService } from './generated.ts';
import type { CallMetadata, Users, UsersService } from './generated.ts';
import { callError } from './refusals.ts';
import type { UserDirectory } from './users.ts';

/** The release whose behaviour is stood in for. */
const SERVER_VERSION = '23.10.6';

const TICKS_PER_MS = 10_000;

type Answer<Response> = (error: object | null, response?: Response) => void;

/** `ServerFeatures`: what this server can do. Whatever isn't listed, a client finds unsupported. */
export function serverFeaturesHandlers(faults: FaultSwitches, hasUsers: boolean) {
  return {
    getSupportedMethods(_call: unknown, answer: Answer<unknown>) {
      const supported = new serverFeatures.SupportedMethods().setEventStoreServerVersion(SERVER_VERSION);
      const services = [streamsService, ...(hasUsers ? [usersService] : [])];
      for (const { path } of services.flatMap((service) => Object.values(service) as { path: string }[])) {
        const [, service = '', method = ''] = path.split('/');
        // The names are told in lower case, as the real server does.
        supported.addMethods(
          new serverFeatures.SupportedMethod().setServiceName(service).setMethodName(method.toLowerCase()),
        );
      }
      void faults.beforeAnswer().then(() => answer(null, supported));
    },
  };
}

/** `Gossip`: a cluster of one, for clients that look for the leader first. */
export function gossipHandlers(faults: FaultSwitches, port: () => number, now: () => number) {
  return {
    read(_call: unknown, answer: Answer<unknown>) {
      const member = new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
        .setTimeStamp(String(now() * TICKS_PER_MS))
        .setState(gossip.MemberInfo.VNodeState.LEADER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port()));
      const cluster = new gossip.ClusterInfo().setMembersList([member]);
      void faults.beforeAnswer().then(() => answer(null, cluster));
    },
  };
}

type UsersHandlers = Pick<
  UsersService.IUsersServer,
  'create' | 'update' | 'delete' | 'disable' | 'enable' | 'resetPassword' | 'changePassword' | 'details'
>;

interface UserCall<Request> {
  readonly metadata: CallMetadata;
  readonly request: Request;
}

/** `Users`: for `$admins`, but that people may change their own password and ask about themselves. */
export function usersHandlers(access: Access, directory: UserDirectory): UsersHandlers {
  const admin =
    <Request extends { getOptions(): Options | undefined }, Options, Response>(
      run: (options: Options) => Promise<Response>,
    ) =>
    (call: UserCall<Request>, answer: Answer<Response>) => {
      const served = async () => {
        access.ensureAdmin(access.caller(call.metadata));
        return run(call.request.getOptions()!);
      };
      served().then(
        (response) => answer(null, response),
        (error: unknown) => answer(callError(error)),
      );
    };

  return {
    create: admin(async (options: Users.CreateReq.Options) => {
      const [name, fullName] = [options.getLoginName(), options.getFullName()];
      await directory.create(name, fullName, options.getGroupsList(), options.getPassword());
      return new messages.CreateResp();
    }),
    update: admin(async (options: Users.UpdateReq.Options) => {
      await directory.update(options.getLoginName(), options.getFullName(), options.getGroupsList());
      return new messages.UpdateResp();
    }),
    delete: admin(async (options: Users.DeleteReq.Options) => {
      await directory.delete(options.getLoginName());
      return new messages.DeleteResp();
    }),
    disable: admin(async (options: Users.DisableReq.Options) => {
      await directory.setDisabled(options.getLoginName(), true);
      return new messages.DisableResp();
    }),
    enable: admin(async (options: Users.EnableReq.Options) => {
      await directory.setDisabled(options.getLoginName(), false);
      return new messages.EnableResp();
    }),
    resetPassword: admin(async (options: Users.ResetPasswordReq.Options) => {
      await directory.resetPassword(options.getLoginName(), options.getNewPassword());
      return new messages.ResetPasswordResp();
    }),
    changePassword(call, answer) {
      const served = async () => {
        const options = call.request.getOptions()!;
        const caller = access.caller(call.metadata);
        if (caller.names[0] !== options.getLoginName()) access.ensureAdmin(caller);
        await directory.changePassword(options.getLoginName(), options.getCurrentPassword(), options.getNewPassword());
        return new messages.ChangePasswordResp();
      };
      served().then(
        (response) => answer(null, response),
        (error: unknown) => answer(callError(error)),
      );
    },
    details(call) {
      try {
        const caller = access.caller(call.metadata);
        const name = call.request.getOptions()?.getLoginName() ?? '';
        if (name === '' || caller.names[0] !== name) access.ensureAdmin(caller);
        for (const user of name === '' ? directory.all() : [directory.get(name)]) {
          const { UserDetails } = messages.DetailsResp;
          const details = new UserDetails()
            .setLoginName(user.loginName)
            .setFullName(user.fullName)
            .setGroupsList([...user.groups])
            .setDisabled(user.disabled)
            .setLastUpdated(new UserDetails.DateTime().setTicksSinceEpoch(String(user.updatedAt * TICKS_PER_MS)));
          call.write(new messages.DetailsResp().setUserDetails(details));
        }
        call.end();
      } catch (error) {
        call.emit('error', callError(error));
      }
    },
  };
}
