import { SetMetadata } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';

/** Who may call an operation at all; what they then see or do is decided by rules and rights. */
export type Permission = 'signed in' | 'member' | 'staff';

export const PERMISSION = 'gatebook:permission';
const declared = new Map<string, Permission>();

/** Declares who may call a query or mutation. An operation without it keeps the service from starting. */
export function May(permission: Permission): MethodDecorator {
  return (target, key, descriptor) => {
    declared.set(String(key), permission);
    SetMetadata(PERMISSION, permission)(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}

/** Somebody added an operation and said nothing about who may call it. */
export class PermissionMissing extends Error {
  override readonly name = 'PermissionMissing';
  readonly operations: readonly string[];
  constructor(operations: readonly string[]) {
    super(`These operations declare no permission (@May): ${operations.join(', ')}.`);
    this.operations = operations;
  }
}

/** @throws {PermissionMissing} */
export function ensurePermissions(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const missing = roots.flatMap((root) => Object.keys(root?.getFields() ?? {})).filter((name) => !declared.has(name));
  if (missing.length > 0) throw new PermissionMissing(missing);
}
