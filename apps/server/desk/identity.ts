import {
  typedId,
  type ActionId,
  type CaseId,
  type MemberId,
  type RequestId,
  type SessionId,
  type StaffId,
  type WorkspaceId,
} from '@gatebook/protocol';
import { createHash } from 'node:crypto';

/**
 * Ids of what others name first (docs/decisions/0003-derived-ids.md): the same product and external id always give the
 * same id, on every instance, so that no table of ids stands between a token and its stream, and two instances that
 * hear of a thing at once can't give it two ids. UUID version 8 over SHA-256 (RFC 9562, section 5.8).
 */
function derivedUuid(kind: string, ...parts: readonly string[]): string {
  // Lengths keep ("ab", "c") and ("a", "bc") apart.
  const hash = createHash('sha256').update(`gatebook:${kind}`);
  for (const part of parts) hash.update(`\n${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidText(bytes);
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function workspaceIdOf(product: string, externalId: string): WorkspaceId {
  return typedId('ws', derivedUuid('workspace', product, externalId));
}

export function memberIdOf(workspace: WorkspaceId, externalId: string): MemberId {
  return typedId('mem', derivedUuid('member', workspace, externalId));
}

/** A case as a command names it; none where none is named. */
export function caseNamed(workspace: WorkspaceId, caseRef: string | null | undefined) {
  return caseRef == null ? { caseId: null, caseRef: null } : { caseId: caseIdOf(workspace, caseRef), caseRef };
}

export function caseIdOf(workspace: WorkspaceId, caseRef: string): CaseId {
  return typedId('case', derivedUuid('case', workspace, caseRef));
}

export function staffIdOf(issuer: string, subject: string): StaffId {
  return typedId('stf', derivedUuid('staff', issuer, subject));
}

/** A person who is no member where they asked: their denials stand in a stream of their own. */
export function strangerIdOf(issuer: string, subject: string): MemberId {
  return typedId('mem', derivedUuid('stranger', issuer, subject));
}

/** The session that a command to start one makes: its time, and an id that nobody else's command id can give. */
export function sessionIdOf(commandId: string, workspace: WorkspaceId, staff: StaffId): SessionId {
  const derived = derivedUuid('session', commandId, workspace, staff);
  return typedId('ses', `${commandId.slice(0, 13)}-7${derived.slice(15)}`);
}

/** The request that a command to ask for access makes. */
export function requestIdOf(commandId: string, workspace: WorkspaceId, staff: StaffId): RequestId {
  const derived = derivedUuid('request', commandId, workspace, staff);
  return typedId('req', `${commandId.slice(0, 13)}-7${derived.slice(15)}`);
}

/** The action that a question with this id authorises; asked again, it is the same. */
export function actionIdOf(requestId: string, session: SessionId): ActionId {
  const derived = derivedUuid('action', requestId, session);
  return typedId('act', `${requestId.slice(0, 13)}-7${derived.slice(15)}`);
}

/** Id of the denial that a refused command leaves: sent again, the denial stands once. */
export function denialIdOf(commandId: string, digest: string): string {
  return derivedUuid('denial', commandId, digest);
}

/** `sha256:` and hex of a text. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
