import { Layout, PageHead, Section } from '../parts/layout.tsx';
import { Sign } from '../parts/signs.tsx';
import { followed, go } from '../router.ts';
import { pickPerson } from '../session/openid.ts';
import { page, type Realm } from '../session/page.ts';
import { signedInAs } from '../session/session.ts';
import { HOMES } from '../session/sign-in-page.tsx';
import { People } from './people.tsx';
import { addressOf, runTo, STEPS, useRun, WINDOW, type Step } from './run.ts';

/** The first page: with built-in people the story and everybody in it, otherwise the two ways in. */
export default function StoryPage() {
  const { productName, people } = page;
  const lede = `Nobody from ${productName} opens a customer’s workspace before the line is written: who, when, why, and what they look at. The customer reads the same line, and can close the gate at any moment.`;
  return (
    <Layout title="The gate">
      <PageHead title="The book at the gate" lede={lede} />
      {people ? <Embedded /> : <WaysIn />}
    </Layout>
  );
}

function WaysIn() {
  return (
    <Section title="Come in" first>
      <ul className="ways">
        <li>
          <a href="/owner" onClick={followed}>
            Staff access to my workspace
          </a>
          <p className="small">For customers: who may come in, who is inside, and the visit log.</p>
        </li>
        <li>
          <a href="/staff" onClick={followed}>
            {page.productName} staff
          </a>
          <p className="small">Start a visit from a support case.</p>
        </li>
        <li>
          <a href="/review" onClick={followed}>
            Review
          </a>
          <p className="small">Read the visits of a week.</p>
        </li>
      </ul>
    </Section>
  );
}

function Embedded() {
  const pick = async (realm: Realm, sub: string) => {
    signedInAs(await pickPerson(realm, sub));
    go(HOMES[realm]);
  };
  return (
    <>
      <Section
        title="The story"
        first
        id="story"
        hint="Seven steps, in two windows: the customer’s and the vendor’s. Both keep who you are in them."
      >
        <Steps />
      </Section>
      <Section title="Everybody" hint="No passwords: one press, and you are that person in this window.">
        <People sides={['members', 'staff']} onPick={pick} />
      </Section>
    </>
  );
}

function Steps() {
  const at = useRun();
  const over = at !== undefined && at >= STEPS.length;
  return (
    <>
      <div className="acts steps-head">
        {at === undefined && (
          <button type="button" className="btn go" onClick={() => runTo(0)}>
            Begin the story
          </button>
        )}
        {at !== undefined && (
          <button type="button" className="btn" onClick={() => runTo(undefined)}>
            {over ? 'Close the story' : 'Leave the story'}
          </button>
        )}
        {over && (
          <button type="button" className="btn" onClick={() => runTo(0)}>
            Begin again
          </button>
        )}
      </div>
      <ol className="steps">
        {STEPS.map((step, index) => (
          <StepRow key={step.title} step={step} index={index} at={at} />
        ))}
      </ol>
    </>
  );
}

function StepRow({
  step,
  index,
  at,
}: {
  readonly step: Step;
  readonly index: number;
  readonly at: number | undefined;
}) {
  const now = at === index;
  const done = at !== undefined && index < at;
  return (
    <li className={`step ${step.side}${now ? ' now' : ''}`} aria-current={now ? 'step' : undefined}>
      <span className="step-no">{done ? <Sign name="check" /> : index + 1}</span>
      <div>
        <h3>
          {step.title}
          {done && <span className="vh"> (done)</span>}
        </h3>
        <p className="small">{step.text}</p>
        {now && (
          <div className="acts gap">
            <a className="btn go" href={addressOf(step, page.productUrl)} target={WINDOW[step.side]}>
              {step.go}
              <span className="vh"> (opens the {step.side === 'owner' ? 'customer’s' : 'vendor’s'} window)</span>
            </a>
            <button type="button" className="btn quiet" onClick={() => runTo(index + 1)}>
              {step.until === undefined ? 'Done, go on' : 'Skip this step'}
            </button>
          </div>
        )}
      </div>
      <span className="small side">{step.side === 'owner' ? 'Customer' : 'Vendor'}</span>
    </li>
  );
}
