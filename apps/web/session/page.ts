import type { MemberRole, StaffRole } from '@gatebook/protocol';

export type Realm = 'members' | 'staff';

/** A built-in person of the embedded sign-in. */
export interface Pickable {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** Of members. */
  readonly workspace?: string;
  readonly role?: MemberRole;
  /** Of staff. */
  readonly roles?: readonly StaffRole[];
}

export interface RealmSignIn {
  readonly issuer: string;
  readonly clientId: string;
  /** Space-separated, as in the authorization request. */
  readonly scope: string;
  /** The audience that access tokens are for (RFC 8707); left out: the issuer knows it by the client. */
  readonly resource?: string;
}

/** What the service says of itself in the page that it serves (doors/pages). */
export interface PageFacts {
  /** The vendor's product: "Fernway". */
  readonly productName: string;
  readonly productUrl: string;
  /** The vendor's own time zone: its weeks are those that visits are checked by. */
  readonly timeZone: string;
  readonly signIn: Readonly<Record<Realm, RealmSignIn>>;
  /** Only where sign-in is embedded: everybody may be anybody. */
  readonly people: Readonly<Record<Realm, readonly Pickable[]>> | null;
}

const written: unknown = JSON.parse(document.getElementById('gatebook-page')?.textContent ?? 'null');
if (written === null) throw new Error('This page was not served by Gatebook.');

export const page = written as PageFacts;
