import type { CallMetadata } from './generated.ts';
import { isMetadataStream, originalOf } from './metadata.ts';
import type { Acl } from './metadata.ts';
import type { Reading } from './reading.ts';
import { Refused } from './refusals.ts';
import type { StreamStates } from './stream-states.ts';
import type { UserDirectory } from './users.ts';

export type Action = 'read' | 'write' | 'delete';

/** Who calls: the names that an access list may name. Nobody has none. */
export interface Caller {
  readonly names: readonly string[];
}

const ADMINS = '$admins';
const EVERYBODY = '$all';
const SETTINGS_STREAM = '$settings';

const KEY = { read: '$r', write: '$w', delete: '$d' } as const;
const KEY_OF_METADATA = { read: '$mr', write: '$mw', delete: '$mw' } as const;

type AclKey = keyof Acl;

/**
 * Who may do what, as EventStoreDB decides it: a stream's own `$acl`, else the defaults in `$settings`, else user streams
 * are open to every user, system streams and `$all` to `$admins`. Without users everything is open to everybody.
 */
export class Access {
  readonly #users: UserDirectory | undefined;
  readonly #states: StreamStates;
  readonly #reading: Reading;

  constructor(users: UserDirectory | undefined, states: StreamStates, reading: Reading) {
    this.#users = users;
    this.#states = states;
    this.#reading = reading;
  }

  /** @throws {Refused} unknown user or wrong password. No credentials: a caller without names. */
  caller(metadata: CallMetadata): Caller {
    if (!this.#users) return { names: [ADMINS] };
    const [header] = metadata.get('authorization');
    if (header === undefined) return { names: [] };
    const [, encoded = ''] = /^Basic (.+)$/i.exec(String(header)) ?? [];
    const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    const user = this.#users.authenticated(name, password);
    if (!user) throw new Refused({ kind: 'not-authenticated' });
    return { names: [name, ...user.groups] };
  }

  /** @throws {Refused} */
  async ensure(caller: Caller, action: Action, stream: string): Promise<void> {
    if (caller.names.includes(ADMINS)) return;
    // Anonymous access to streams is off by default since 23.10.
    if (caller.names.length > 0) {
      const original = originalOf(stream);
      const key = isMetadataStream(stream) ? KEY_OF_METADATA[action] : KEY[action];
      const roles = (await this.#states.of(original)).metadata.acl?.[key] ?? (await this.#default(original, key));
      const allowed = typeof roles === 'string' ? [roles] : roles;
      if (allowed.some((role) => role === EVERYBODY || caller.names.includes(role))) return;
    }
    throw new Refused({ kind: 'access-denied' });
  }

  /** @throws {Refused} */
  ensureAdmin(caller: Caller): void {
    if (!caller.names.includes(ADMINS)) throw new Refused({ kind: 'access-denied' });
  }

  async #default(stream: string, key: AclKey): Promise<string | readonly string[]> {
    const isSystem = stream.startsWith('$');
    const settings = await this.#settings();
    return settings[isSystem ? '$systemStreamAcl' : '$userStreamAcl']?.[key] ?? (isSystem ? ADMINS : EVERYBODY);
  }

  async #settings(): Promise<{ readonly $userStreamAcl?: Acl; readonly $systemStreamAcl?: Acl }> {
    const visible = await this.#reading.visible(SETTINGS_STREAM);
    if (!visible.exists) return {};
    const newest = { stream: SETTINGS_STREAM, backwards: true, from: 'end', limit: 1 } as const;
    for await (const { data } of this.#reading.stream(newest, visible)) {
      try {
        return (JSON.parse(Buffer.from(data).toString('utf8')) as object | null) ?? {};
      } catch {
        return {};
      }
    }
    return {};
  }
}
