/** Why a token was refused, by code; each sentence is all that a caller may be told. */
const SENTENCES = {
  malformed: 'The token is not a signed JSON Web Token.',
  'unknown-issuer': 'The token comes from an issuer that is not accepted here.',
  algorithm: 'The token is signed in a way that is not accepted.',
  'unknown-key': 'The token is signed with a key that its issuer does not publish.',
  signature: 'The token’s signature is not right.',
  type: 'The token is of another type than is asked for here.',
  audience: 'The token was made for somebody else.',
  expired: 'The token has expired.',
  'not-yet-valid': 'The token is not valid yet.',
  claims: 'The token lacks a claim that is needed, or has one that can’t be right.',
  'acts-for-another': 'The token lets one person act for another, which is not accepted here.',
  'issuer-unreachable': 'The issuer’s keys can’t be read at the moment.',
} as const;

export type TokenRefusalCode = keyof typeof SENTENCES;

/**
 * The one error of the verifier. It carries no part of the token and no cause, so that it may be logged and answered as
 * it is. `issuer-unreachable` is not the token's fault: the same token may pass later.
 */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly code: TokenRefusalCode;
  constructor(code: TokenRefusalCode) {
    super(SENTENCES[code]);
    this.code = code;
  }
}
