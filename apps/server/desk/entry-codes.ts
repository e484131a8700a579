import { isTypedId, type SessionId, type StaffId, type WorkspaceId } from '@gatebook/protocol';
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Entry {
  readonly sessionId: SessionId;
  readonly workspaceId: WorkspaceId;
  readonly staffId: StaffId;
  readonly product: string;
}

const MARK = 'gbe';
const SUFFIX = 26;

/**
 * The one-time code of a started session. It is computed, not stored: a MAC of 256 bits over session, workspace, staff
 * member and product, under a key that all instances share. That it is used once and in time is settled by the log
 * (`SessionEntered`, by exact revision); so any instance redeems what any other gave, and a copy of the log gives
 * nobody a code (docs/decisions/0004-entry-codes.md).
 */
export class EntryCodes {
  readonly #key: Uint8Array;

  /** @param key at least 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.byteLength < 32) throw new RangeError('The key of the entry codes has at least 32 bytes.');
    this.#key = key;
  }

  codeFor(entry: Entry): string {
    const session = entry.sessionId.slice('ses_'.length);
    const workspace = entry.workspaceId.slice('ws_'.length);
    return `${MARK}_${session}${workspace}_${this.#mac(entry).toString('base64url')}`;
  }

  /** Which session a code speaks of. It proves nothing before {@link EntryCodes.matches} has said so. */
  read(code: string): { readonly sessionId: SessionId; readonly workspaceId: WorkspaceId } | undefined {
    const [mark, ids] = code.slice(0, 200).split('_', 2);
    if (mark !== MARK || ids?.length !== 2 * SUFFIX) return undefined;
    const sessionId = `ses_${ids.slice(0, SUFFIX)}`;
    const workspaceId = `ws_${ids.slice(SUFFIX)}`;
    return isTypedId('ses', sessionId) && isTypedId('ws', workspaceId) ? { sessionId, workspaceId } : undefined;
  }

  matches(code: string, entry: Entry): boolean {
    const given = Buffer.from(code);
    const right = Buffer.from(this.codeFor(entry));
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #mac({ sessionId, workspaceId, staffId, product }: Entry): Buffer {
    return createHmac('sha256', this.#key)
      .update(['gatebook entry code', sessionId, workspaceId, staffId, product].join('\n'))
      .digest();
  }
}
