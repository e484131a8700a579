import { canonicalJson } from '@gatebook/protocol';
import { createHash } from 'node:crypto';

/** As the service computes it: SHA-256 of a value's canonical form (RFC 8785). */
export function digest(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
