import { StrictMode, type ComponentType, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { Boundary } from './parts/boundary.tsx';
import { late, Lost } from './parts/late.tsx';
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

const framed = (said: ReactNode) => (
  <Layout title="Gatebook">
    <div className="title">{said}</div>
  </Layout>
);
const OPENING = framed(<p className="small">Opening the page …</p>);
const BROKEN = framed(<Lost>Something went wrong in this page.</Lost>);
const latePage = (load: () => Promise<{ default: ComponentType }>) => late(load, OPENING, framed);

/** Which page answers for a path; each is a file of its own. The first that fits. */
const ROUTES: readonly (readonly [RegExp, ComponentType])[] = [
  [/^\/$/, latePage(() => import('./story/story-page.tsx'))],
  [/^\/signed-in$/, SignedInPage],
  [/^\/sign-in$/, SignInPage],
  [/^\/owner(\/|$)/, latePage(() => import('./owner/owner-page.tsx'))],
  [/^\/staff(\/|$)/, latePage(() => import('./staff/staff-page.tsx'))],
  [/^\/review(\/|$)/, latePage(() => import('./review/review-page.tsx'))],
];

function Page() {
  const { pathname } = useLocation();
  const Found = ROUTES.find(([path]) => path.test(pathname))?.[1] ?? Missing;
  return (
    <Boundary at={pathname} instead={BROKEN}>
      <Found />
    </Boundary>
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
