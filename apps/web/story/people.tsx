import { useState } from 'react';
import { SignInFailed } from '../session/openid.ts';
import type { Pickable, Realm } from '../session/page.ts';
import { page } from '../session/page.ts';

const SIDES: Readonly<Record<Realm, { readonly title: string; readonly text: string }>> = {
  members: { title: 'The customer’s side', text: 'Who may let support in, and reads what they did.' },
  staff: { title: 'The vendor’s side', text: 'Who wants in to help, and who checks the visits.' },
};

/** The built-in people: one press, and one is that person. */
export function People({
  sides,
  onPick,
}: {
  readonly sides: readonly Realm[];
  readonly onPick: (realm: Realm, sub: string) => Promise<void>;
}) {
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const press = async (realm: Realm, sub: string) => {
    if (busy !== undefined) return;
    setBusy(sub);
    setProblem(undefined);
    try {
      await onPick(realm, sub);
    } catch (error) {
      setProblem(error instanceof SignInFailed ? error.message : 'The sign-in can’t be reached. Try again.');
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div className="people">
      <div role="alert" className="people-problem">
        {problem && <p className="note plain">{problem}</p>}
      </div>
      {sides.map((realm) => (
        <section key={realm} aria-label={SIDES[realm].title}>
          <h3>{SIDES[realm].title}</h3>
          <p className="small">{SIDES[realm].text}</p>
          {groups(realm).map(([group, list]) => (
            <div key={group}>
              <h4>{group}</h4>
              <ul>
                {list.map((person) => (
                  <li key={person.sub}>
                    <button
                      type="button"
                      className="person"
                      aria-disabled={busy !== undefined || undefined}
                      onClick={() => void press(realm, person.sub)}
                    >
                      <span>{person.name}</span>{' '}
                      <span className="small">{busy === person.sub ? 'signing in …' : roleOf(person)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function groups(realm: Realm): (readonly [string, readonly Pickable[]])[] {
  const list = page.people?.[realm] ?? [];
  if (realm === 'staff') return [[`${page.productName}, the vendor`, list]];
  return [...Map.groupBy(list, ({ workspace }) => workspace ?? '')];
}

function roleOf({ role, roles }: Pickable): string {
  return role ?? roles?.join(', ') ?? '';
}
