import { decodeJwt } from 'jose';
import { CommandFailed, EXIT } from './exit.ts';
import type { AsPerson } from './options.ts';
import { signIn, SignInFailed } from './sign-in.ts';
import { say, sayJson } from './printed.ts';

export type Realm = 'members' | 'staff';

const CLIENT = 'gatebook-cli';

/** An access token: from the environment, or by signing in as a built-in person. @throws {CommandFailed} */
export async function accessToken(options: AsPerson & { readonly fresh?: boolean }, realm?: Realm): Promise<string> {
  const given = process.env['GATEBOOK_TOKEN'];
  if (options.as === undefined) {
    if (given) return given;
    throw new CommandFailed(EXIT.usage, 'Who are you? Name a built-in person with --as, or set GATEBOOK_TOKEN.');
  }
  const failures: SignInFailed[] = [];
  for (const one of realm ? [realm] : (['members', 'staff'] as const)) {
    try {
      const { accessToken: token } = await signIn({
        issuer: `${options.url}/oidc/${one}`,
        clientId: CLIENT,
        resource: `${options.url}/graphql`,
        person: options.as,
        fresh: options.fresh ?? true,
      });
      return token;
    } catch (error) {
      if (!(error instanceof SignInFailed)) throw error;
      failures.push(error);
    }
  }
  const people = failures.flatMap(({ people: known = [] }) => known);
  if (people.length === 0) throw new CommandFailed(EXIT.unreachable, failures[0]?.message ?? 'Signing in failed.');
  const where = realm === undefined ? '' : ` among the ${realm}`;
  throw new CommandFailed(
    EXIT.usage,
    `There is nobody called “${options.as}”${where}. There are: ${people.join(', ')}.`,
  );
}

export async function printToken(options: AsPerson & { readonly fresh: boolean }): Promise<void> {
  const token = await accessToken(options);
  if (!options.json) {
    say(token);
    return;
  }
  const { sub, iss, exp = 0 } = decodeJwt(token);
  sayJson({ accessToken: token, issuer: iss, subject: sub, expiresAt: new Date(exp * 1000).toISOString() });
}
