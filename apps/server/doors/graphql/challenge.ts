import type { GraphqlContext } from './principal.ts';

/** The header that OAuth clients know (RFC 9470, section 3), beside the typed error. */
export function challenge({ reply }: GraphqlContext, maxAge: number): void {
  void reply.header(
    'www-authenticate',
    `Bearer error="insufficient_user_authentication", error_description="Prove who you are again", max_age="${maxAge}"`,
  );
}
