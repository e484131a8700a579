import type { Banner, EndCause } from './evaluation.ts';

/**
 * The token door: RFC 8693 token exchange, RFC 7662 introspection, RFC 7009 revocation. The product authenticates with
 * HTTP Basic (product id, product key) or with `Authorization: Bearer <product key>`.
 */
export const TOKEN_PATH = '/oauth/token';
export const INTROSPECT_PATH = '/oauth/introspect';
/** Revoking a visit's token is Exit: the session ends (RFC 7009, section 2.1). */
export const REVOKE_PATH = '/oauth/revoke';
export const JWKS_PATH = '/oauth/jwks';
/** `POST`, with the visit's token in `Gatebook-Visit`: a person is still there (S4-62). Answers {@link Presence}. */
export const PRESENCE_PATH = '/v1/presence';
/** `GET`, server-sent events: each `ended` event is an {@link Ending}; `Last-Event-ID` resumes behind a position. */
export const ENDINGS_PATH = '/v1/endings';
export const SIGNALS_PATH = '/v1/signals';

export const GRANT_TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const TOKEN_TYPE_ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
export const TOKEN_TYPE_ID = 'urn:ietf:params:oauth:token-type:id_token';
/** The one-time code of a started session (RFC 8693, section 3 allows a type of one's own). */
export const TOKEN_TYPE_ENTRY_CODE = 'urn:gatebook:token-type:entry-code';

/** Claims of a visit's token (RFC 9068 with RFC 8693's `act`); `typ` is `at+jwt`. */
export interface VisitClaims {
  readonly iss: string;
  /** The product. */
  readonly aud: string;
  readonly client_id: string;
  /** The workspace, or the member viewed as. */
  readonly sub: string;
  readonly act: { readonly sub: string; readonly iss: string };
  /** The session. */
  readonly sid: string;
  readonly ws: string;
  /** The case; left out: none. */
  readonly case?: string;
  readonly gb_mode: 'read' | 'write';
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly auth_time: number;
}

export type Introspection =
  | {
      readonly active: false;
      readonly ended?: { readonly cause: EndCause; readonly at: string; readonly sentence: string };
    }
  | ({
      readonly active: true;
      /** `stf_...` of the staff member. */
      readonly staff: string;
      readonly staffName: string;
      readonly staffEmail: string;
      readonly workspaceName: string;
      /** The product's own id of the workspace. */
      readonly workspaceRef: string;
      readonly banner: Banner;
    } & VisitClaims);

export interface TokenAnswer {
  readonly access_token: string;
  readonly issued_token_type: typeof TOKEN_TYPE_ACCESS;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

export interface Presence {
  readonly idleEndsAt: string;
}

export interface Ending {
  readonly session: string;
  readonly workspace: string;
  readonly cause: EndCause;
  readonly at: string;
  /** The plain sentence, "Support access has been revoked". */
  readonly sentence: string;
}
