import { useEffect, useState, type ReactNode } from 'react';
import { late } from '../parts/late.tsx';
import { Layout, PageHead } from '../parts/layout.tsx';
import { followed, go } from '../router.ts';
import { leaveToSignIn, PageNeeded, signInSilently, signOutAddress } from './openid.ts';
import { page, type Realm } from './page.ts';
import { forgetSignIn, signedInAs, useRanOut, useTokens } from './session.ts';

/** Nothing behind it can be used any more: the word that it can’t be had stands over the page, too. */
const Dialog = late(
  () => import('../parts/dialog.tsx'),
  null,
  (lost) => <div className="veil">{lost}</div>,
);

/** Shows its children to whoever is signed in for the realm; signs in first where that needs no page, or goes to one. */
export function SignedIn({ realm, children }: { readonly realm: Realm; readonly children: ReactNode }) {
  const tokens = useTokens(realm);
  const ranOut = useRanOut();
  if (!tokens) return <Waiting realm={realm} />;
  return (
    <>
      {children}
      {ranOut && (
        <Dialog title="Your sign-in has run out" mustAnswer onClose={() => undefined}>
          <p>Nothing is lost: what happened since stands in the book. Sign in again, and you are back here.</p>
          <div className="acts">
            <button type="button" className="btn go" onClick={() => signInAgain(realm)}>
              Sign in again
            </button>
            <button type="button" className="btn" onClick={leave}>
              Leave this page
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

const here = () => `${location.pathname}${location.search}${location.hash}`;

function signInAgain(realm: Realm): void {
  const to = here();
  forgetSignIn();
  if (page.people) go(signInPath(realm, to), { replace: true });
  else void leaveToSignIn(realm, to);
}

function leave(): void {
  forgetSignIn();
  go('/');
}

export function signInPath(realm: Realm, to: string): string {
  return `/sign-in?side=${realm === 'members' ? 'owner' : 'staff'}&to=${encodeURIComponent(to)}`;
}

/** Ends the sign-in: in this window, and at the issuer. */
export function signOut(): void {
  const held = forgetSignIn();
  const address = held && signOutAddress(held);
  if (address === undefined) go('/');
  else location.assign(address);
}

/** Who is signed in, and the way out. */
export function Me({ name, role }: { readonly name: string; readonly role: string }) {
  return (
    <>
      <span>
        {name}, {role}
      </span>
      <button type="button" className="txt" onClick={signOut}>
        Sign out
      </button>
    </>
  );
}

function Waiting({ realm }: { readonly realm: Realm }) {
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let over = false;
    setFailed(false);
    signInSilently(realm).then(
      (tokens) => {
        if (!over) signedInAs(tokens);
      },
      (error: unknown) => {
        if (over) return;
        if (!(error instanceof PageNeeded)) setFailed(true);
        else if (page.people) go(signInPath(realm, here()), { replace: true });
        else leaveToSignIn(realm, here()).catch(() => setFailed(true));
      },
    );
    return () => {
      over = true;
    };
  }, [realm, attempt]);
  return (
    <Layout title="Sign in">
      {failed ? (
        <>
          <PageHead title="The sign-in can’t be reached" lede="Gatebook may be starting, or your network is away." />
          <div className="acts first-acts">
            <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
            <a className="btn quiet" href="/" onClick={followed}>
              Go to the first page
            </a>
          </div>
        </>
      ) : (
        <p className="small title" role="status">
          Looking who you are …
        </p>
      )}
    </Layout>
  );
}
