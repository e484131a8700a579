import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { notFound, PermissionGuard, type Rights } from './rights.ts';

describe('The guard of the GraphQL door', () => {
  it('closes an operation that declares no permission, should one ever come so far', async () => {
    const guard = new PermissionGuard({ allows: () => Promise.resolve(true) } as unknown as Rights, new Reflector());
    const undeclared = { getHandler: () => () => 'everything' } as unknown as ExecutionContext;
    await expect(guard.canActivate(undeclared)).rejects.toThrow(notFound());
  });
});
