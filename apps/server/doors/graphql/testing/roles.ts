import { memberIdOf } from '#server/desk/identity';
import type { PlayedDoor } from './played-door.ts';

/** As who the product speaks. */
export const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };

/** The product tells that one of Acme's people has this role from now on. */
export const hasRole = (door: PlayedDoor, name: 'owner' | 'admin', role: 'owner' | 'viewer') =>
  door.desk.handle(
    door.acme,
    {
      type: 'ChangeMemberRole',
      memberId: memberIdOf(door.acme, name),
      externalId: name,
      issuer: door.issuers.members.issuer,
      subject: name,
      name: name === 'owner' ? 'Owner Example' : 'Admin Example',
      email: `${name}@acme.example`,
      role,
    },
    PRODUCT,
  );
