/** What both baselines know: the tables that the service made, and whose tokens they trust. */
import { createTokenVerifier, type TrustedIssuer } from '#server/adapters/oidc/token-verifier';
import { membershipsOf, openTables, type SqliteTables } from '#projections/index';

/** What a baseline is told, as JSON in its first argument. */
export interface Told {
  readonly tablesDirectory: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly cursorKey: string;
}

export interface World {
  readonly tables: SqliteTables;
  readonly cursorKey: Uint8Array;
  /** Whether the bearer of the token answers for the workspace: the token checked, the role read from the tables. */
  mayRead(authorization: string | undefined, workspaceId: string): Promise<boolean>;
}

const ROLES: readonly string[] = ['owner', 'admin', 'manager'];

export async function worldOf(argument: string | undefined): Promise<World> {
  const { tablesDirectory, issuer, jwksUri, audience, cursorKey } = JSON.parse(argument ?? '') as Told;
  const trusted: TrustedIssuer = { realm: 'members', issuer, jwksUri, audiences: [audience], algorithms: ['RS256'] };
  const verifier = createTokenVerifier({ issuers: [trusted], now: Date.now });
  const tables = await openTables({ directory: tablesDirectory });
  return {
    tables,
    cursorKey: Buffer.from(cursorKey, 'base64url'),
    async mayRead(authorization = '', workspaceId) {
      const token = authorization.slice('Bearer '.length);
      const person = await verifier.verify(token, { realms: ['members'], use: 'access', audience });
      const theirs = await membershipsOf(tables, person.issuer, person.subject);
      return theirs.some(({ workspace, member }) => workspace.id === workspaceId && ROLES.includes(member.role));
    },
  };
}
