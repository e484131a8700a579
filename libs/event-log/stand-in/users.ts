import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

import { Refused } from './refusals.ts';
import { JSON_CONTENT } from './stored.ts';
import type { Reading } from './reading.ts';
import type { Writer } from './writer.ts';

export interface GivenUser {
  readonly password: string;
  readonly groups?: readonly string[];
}

interface User {
  readonly loginName: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly salt: string;
  /** SHA-256 of salt and password: a stand-in keeps test passwords only. */
  readonly hash: string;
  readonly disabled: boolean;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

const USER_TYPE = '$User';
const streamOf = (loginName: string) => `$user-${loginName}`;

/** The people and services that may sign in: the given ones, and those made since, which live in the log as `$user-` streams. */
export class UserDirectory {
  readonly #reading: Reading;
  readonly #writer: Writer;
  readonly #now: () => number;
  readonly #users = new Map<string, User>();

  constructor(reading: Reading, writer: Writer, now: () => number) {
    this.#reading = reading;
    this.#writer = writer;
    this.#now = now;
  }

  async load(given: Readonly<Record<string, GivenUser>>): Promise<void> {
    for (const [loginName, { password, groups = [] }] of Object.entries(given)) {
      this.#users.set(loginName, {
        ...secret(password),
        loginName,
        fullName: loginName,
        groups,
        disabled: false,
        updatedAt: this.#now(),
      });
    }
    const prefix = streamOf('');
    for await (const { stream, type, data, isTombstone } of this.#reading.all(false, 'start')) {
      if (!stream.startsWith(prefix)) continue;
      const loginName = stream.slice(prefix.length);
      if (isTombstone) this.#users.delete(loginName);
      else if (type === USER_TYPE) this.#users.set(loginName, JSON.parse(Buffer.from(data).toString('utf8')) as User);
    }
  }

  authenticated(loginName: string, password: string): User | undefined {
    const user = this.#users.get(loginName);
    return user && !user.disabled && matches(user, password) ? user : undefined;
  }

  all(): readonly User[] {
    return [...this.#users.values()];
  }

  /** @throws {Refused} */
  get(loginName: string): User {
    const user = this.#users.get(loginName);
    if (!user) throw new Refused({ kind: 'user-not-found', loginName });
    return user;
  }

  async create(loginName: string, fullName: string, groups: readonly string[], password: string): Promise<void> {
    if (this.#users.has(loginName)) throw new Refused({ kind: 'user-conflict', loginName });
    await this.#keep({ ...secret(password), loginName, fullName, groups, disabled: false, updatedAt: 0 });
  }

  async update(loginName: string, fullName: string, groups: readonly string[]): Promise<void> {
    await this.#keep({ ...this.get(loginName), fullName, groups });
  }

  async setDisabled(loginName: string, disabled: boolean): Promise<void> {
    await this.#keep({ ...this.get(loginName), disabled });
  }

  async changePassword(loginName: string, current: string, next: string): Promise<void> {
    if (!matches(this.get(loginName), current)) throw new Refused({ kind: 'access-denied' });
    await this.resetPassword(loginName, next);
  }

  async resetPassword(loginName: string, next: string): Promise<void> {
    await this.#keep({ ...this.get(loginName), ...secret(next) });
  }

  async delete(loginName: string): Promise<void> {
    this.get(loginName);
    await this.#writer.tombstone(streamOf(loginName), 'any');
    this.#users.delete(loginName);
  }

  async #keep(user: User): Promise<void> {
    const kept = { ...user, updatedAt: this.#now() };
    const data = new Uint8Array(Buffer.from(JSON.stringify(kept), 'utf8'));
    const event = { id: randomUUID(), type: USER_TYPE, contentType: JSON_CONTENT, data, metadata: new Uint8Array() };
    await this.#writer.append(streamOf(user.loginName), 'any', [event]);
    this.#users.set(user.loginName, kept);
  }
}

function secret(password: string): Pick<User, 'salt' | 'hash'> {
  const salt = randomBytes(16).toString('base64');
  return { salt, hash: hashOf(salt, password).toString('base64') };
}

const hashOf = (salt: string, password: string) =>
  createHash('sha256').update(salt).update('\0').update(password).digest();

const matches = ({ salt, hash }: User, password: string) =>
  timingSafeEqual(hashOf(salt, password), Buffer.from(hash, 'base64'));
