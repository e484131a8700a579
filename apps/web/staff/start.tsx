import { useEffect, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import { PageHead } from '../parts/layout.tsx';
import { useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { mayBegin } from './may-begin.ts';
import { StartChoicesQuery, type StartChoices } from './operations.ts';
import { StartForm } from './start-form.tsx';

/** Where a visit is started, from a support case. */
export function Start({ name, subject }: { readonly name: string; readonly subject: string }) {
  const [choices, setChoices] = useState<StartChoices>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  const title = useLocation().pathname === '/staff/ask' ? 'Ask for access' : 'Start a visit';
  useEffect(() => {
    let over = false;
    setProblem(undefined);
    ask(StartChoicesQuery, {}).then(
      (data) => !over && setChoices(data),
      (error: unknown) =>
        !over && setProblem(error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.')),
    );
    return () => {
      over = true;
    };
  }, [attempt]);

  if (choices && mayBegin(choices)) return <StartForm {...{ choices, name, subject }} />;
  if (choices || problem?.kind === 'refused') {
    return (
      <>
        <PageHead
          title={title}
          lede={
            choices
              ? 'There is no open case that you could visit a customer for.'
              : `Visits are not started by you at ${page.productName}, as your roles are today.`
          }
        />
        <div className="acts first-acts">
          <a className="btn" href={page.productUrl}>
            Back to {page.productName}
          </a>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead title={title} lede={problem ? undefined : 'Opening your cases …'} />
      <div role="alert">
        {problem && problem.kind !== 'signed-out' && (
          <div className="note plain">
            <p>{problem.message}</p>
            <button type="button" className="btn" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </button>
          </div>
        )}
      </div>
    </>
  );
}
