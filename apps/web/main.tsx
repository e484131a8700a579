import { lazy, StrictMode, Suspense, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { Layout, PageHead } from './parts/layout.tsx';
import { Toasts } from './parts/notes.tsx';
import { followed, useLocation } from './router.ts';
import SignInPage, { SignedInPage } from './session/sign-in-page.tsx';
import { applyTheme } from './style/theme.ts';
import { ZoneProvider } from './time/zone.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/pages.css';

/** Which page answers for a path; each is a file of its own. The first that fits. */
const ROUTES: readonly (readonly [RegExp, ComponentType])[] = [
  [/^\/$/, lazy(() => import('./story/story-page.tsx'))],
  [/^\/signed-in$/, SignedInPage],
  [/^\/sign-in$/, SignInPage],
  [/^\/owner(\/|$)/, lazy(() => import('./owner/owner-page.tsx'))],
  [/^\/staff(\/|$)/, lazy(() => import('./staff/staff-page.tsx'))],
  [/^\/review(\/|$)/, lazy(() => import('./review/review-page.tsx'))],
];

function Page() {
  const { pathname } = useLocation();
  const Found = ROUTES.find(([path]) => path.test(pathname))?.[1] ?? Missing;
  return (
    <Suspense
      fallback={
        <Layout title="Gatebook">
          <p className="small title">Opening the page …</p>
        </Layout>
      }
    >
      <Found />
    </Suspense>
  );
}

function Missing() {
  return (
    <Layout title="No such page">
      <PageHead title="There is no such page" lede="The address may be an old one, or have lost a piece." />
      <div className="acts first-acts">
        <a className="btn" href="/" onClick={followed}>
          Go to the first page
        </a>
      </div>
    </Layout>
  );
}

applyTheme();
createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <ZoneProvider>
      <Toasts>
        <Page />
      </Toasts>
    </ZoneProvider>
  </StrictMode>,
);
