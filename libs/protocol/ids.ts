/** Prefixes of the ids that people see: `ws_01j...`, 26 characters of base 32 behind the prefix (visit.md, "Identity of things"). */
export const ID_PREFIXES = ['ws', 'mem', 'stf', 'case', 'req', 'gr', 'ses', 'act', 'prd', 'fact'] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

export type TypedId<P extends IdPrefix> = `${P}_${string}`;
export type WorkspaceId = TypedId<'ws'>;
export type MemberId = TypedId<'mem'>;
export type StaffId = TypedId<'stf'>;
export type CaseId = TypedId<'case'>;
export type RequestId = TypedId<'req'>;
export type GrantId = TypedId<'gr'>;
export type SessionId = TypedId<'ses'>;
export type ActionId = TypedId<'act'>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** The id of a thing from its UUID: 128 bits as 26 characters of Crockford's base 32, lower case, sortable as the UUID is. */
export function typedId<P extends IdPrefix>(prefix: P, uuid: string): TypedId<P> {
  if (!UUID.test(uuid)) throw new TypeError(`"${uuid}" is not a UUID in lower case.`);
  let bits = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let suffix = '';
  for (let place = 0; place < 26; place++) {
    suffix = ALPHABET.charAt(Number(bits & 31n)) + suffix;
    bits >>= 5n;
  }
  return `${prefix}_${suffix}`;
}

/** Whether `text` is an id with this prefix. */
export function isTypedId<P extends IdPrefix>(prefix: P, text: unknown): text is TypedId<P> {
  return typeof text === 'string' && text.startsWith(`${prefix}_`) && SUFFIX.test(text.slice(prefix.length + 1));
}

/** The prefix of an id, or `undefined` where the text is no id of ours. */
export function prefixOf(text: string): IdPrefix | undefined {
  return ID_PREFIXES.find((prefix) => isTypedId(prefix, text));
}

/** Whether `text` is a UUID of version 7 in lower case, as command ids are (RFC 9562, section 5.7). */
export function isUuidV7(text: unknown): text is string {
  return typeof text === 'string' && UUID_V7.test(text);
}

/** When a UUIDv7 was made: epoch milliseconds (RFC 9562, section 5.7). */
export function timeOfUuidV7(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}
