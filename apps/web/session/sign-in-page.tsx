import { useEffect, useRef, useState } from 'react';
import { Layout, PageHead, Section } from '../parts/layout.tsx';
import { People } from '../story/people.tsx';
import { followed, go, ownPath, useLocation } from '../router.ts';
import { abandonedSignIn, finishSignIn, leaveToSignIn, PageNeeded, pickPerson, SignInFailed } from './openid.ts';
import { page, type Realm } from './page.ts';
import { signedInAs } from './session.ts';

export const HOMES: Readonly<Record<Realm, string>> = { members: '/owner', staff: '/staff' };

const asRealm = (side: string | null): Realm | undefined =>
  side === 'owner' ? 'members' : side === 'staff' ? 'staff' : undefined;

/** /sign-in: on which side, as whom, and back to where one was. `as` signs a built-in person in by itself. */
export default function SignInPage() {
  const { searchParams } = useLocation();
  const realm = asRealm(searchParams.get('side'));
  const to = ownPath(searchParams.get('to'));
  const as = searchParams.get('as');
  const [problem, setProblem] = useState<string>();
  const begun = useRef(false);
  const named = realm !== undefined && as !== null && page.people !== null;

  const pick = async (side: Realm, sub: string) => {
    signedInAs(await pickPerson(side, sub));
    go(to ?? HOMES[side], { replace: true });
  };
  useEffect(() => {
    if (!named || begun.current) return;
    begun.current = true;
    pick(realm, as).catch((error: unknown) =>
      setProblem(error instanceof SignInFailed ? error.message : 'The sign-in can’t be reached. Try again.'),
    );
  });

  if (named && problem === undefined) {
    return (
      <Layout title="Sign in">
        <p className="small title" role="status">
          Signing in …
        </p>
      </Layout>
    );
  }
  const sides = realm ? [realm] : (['members', 'staff'] as const);
  return (
    <Layout title="Sign in">
      <PageHead
        title="Sign in"
        lede={
          page.people
            ? 'There are no passwords here: press a name, and you are that person in this window.'
            : 'Customers and staff sign in apart from each other.'
        }
      />
      <div role="alert">{problem && <p className="note plain">{problem}</p>}</div>
      {page.people ? (
        <Section title="Who are you?" first>
          <People sides={sides} onPick={pick} />
        </Section>
      ) : (
        <div className="acts first-acts">
          {sides.map((side) => (
            <button
              key={side}
              type="button"
              className="btn"
              onClick={() => {
                leaveToSignIn(side, to ?? HOMES[side]).catch(() =>
                  setProblem('The sign-in can’t be reached. Try again.'),
                );
              }}
            >
              {side === 'members' ? 'Sign in as a customer' : `Sign in as ${page.productName} staff`}
            </button>
          ))}
        </div>
      )}
    </Layout>
  );
}

/** /signed-in: back from an issuer's own page. */
export function SignedInPage() {
  const here = useLocation();
  const [problem, setProblem] = useState<string>();
  const begun = useRef(false);
  useEffect(() => {
    // A code is good once; React may call an effect twice.
    if (begun.current) return;
    begun.current = true;
    const left = abandonedSignIn();
    finishSignIn(here).then(
      ({ tokens, to }) => {
        signedInAs(tokens);
        go(ownPath(to) ?? HOMES[tokens.realm], { replace: true });
      },
      (error: unknown) => {
        if (error instanceof PageNeeded && left) leaveToSignIn(left.realm, left.to).catch(() => setProblem(FAILED));
        else setProblem(error instanceof SignInFailed ? error.message : FAILED);
      },
    );
  });
  return (
    <Layout title="Sign in">
      {problem === undefined ? (
        <p className="small title" role="status">
          Signing in …
        </p>
      ) : (
        <>
          <PageHead title="You are not signed in" lede={problem} />
          <div className="acts first-acts">
            <a className="btn" href="/sign-in" onClick={followed}>
              Sign in again
            </a>
          </div>
        </>
      )}
    </Layout>
  );
}

const FAILED = 'The sign-in can’t be reached.';
