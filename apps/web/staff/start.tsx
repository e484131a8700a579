import { useEffect, useState } from 'react';
import { ask, Problem } from '../graphql/ask.ts';
import { PageHead } from '../parts/layout.tsx';
import { page } from '../session/page.ts';
import { StartChoicesQuery, type StartChoices } from './operations.ts';
import { StartForm } from './start-form.tsx';

/** Where a visit is started, from a support case. */
export function Start({ name, subject }: { readonly name: string; readonly subject: string }) {
  const [choices, setChoices] = useState<StartChoices>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
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

  const cases = choices?.workspaces.nodes.flatMap(({ openCases }) => openCases) ?? [];
  if (choices && cases.length > 0) return <StartForm {...{ choices, name, subject }} />;
  if (choices || problem?.kind === 'refused') {
    return (
      <>
        <PageHead
          title="Start a visit"
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
      <PageHead title="Start a visit" lede={problem ? undefined : 'Opening your cases …'} />
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
