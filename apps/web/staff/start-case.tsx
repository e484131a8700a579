import { useId, type Ref } from 'react';
import { caseShown } from '../parts/case-in-words.ts';
import { Section } from '../parts/layout.tsx';
import { actionFrom, jobFrom, maskedFields, sensitivePages, unaskableAction } from './ask.ts';
import type { Typed } from './intent.ts';
import type { StartChoices } from './operations.ts';

export interface StartPart {
  readonly choices: StartChoices;
  readonly typed: Typed;
  readonly set: (change: Partial<Typed>) => void;
}

/** What the address asks for, as far as it is there; nothing is chosen that nobody asked for, unless it is the only one. */
export function firstTyped(
  { workspaces: { nodes }, catalogue }: StartChoices,
  asked: URLSearchParams,
  asks = false,
): Typed {
  const caseRef = asked.get('case') ?? '';
  const named = nodes.find(({ id }) => id === asked.get('workspace'));
  const having = nodes.filter(({ openCases }) => openCases.length > 0);
  const workspace =
    named ??
    nodes.find(({ openCases }) => openCases.includes(caseRef)) ??
    (having.length === 1 ? having[0] : undefined);
  const only = caseRef === '' && workspace?.openCases.length === 1 ? workspace.openCases[0] : undefined;
  const refused = actionFrom(catalogue.actions, asked.get('instead') ?? '');
  const action = refused?.action ?? asked.get('action') ?? '';
  const sensitive = sensitivePages(catalogue).filter(({ id }) => asked.getAll('page').includes(id));
  const jobs = catalogue.jobs.filter(({ readOnly }) => readOnly);
  const reveals = asks && action === '' && asked.get('field') !== null;
  const field = maskedFields(catalogue).find(({ id }) => id === asked.get('field'))?.id ?? '';
  const jobNamed = asked.get('job') ?? jobFrom(catalogue.jobs, asked.get('instead') ?? '');
  const isUnaskable = unaskableAction(catalogue, action) !== undefined;
  // Where an action is named, no job takes its place that only looks, or does another.
  const namedJob =
    catalogue.jobs.find(({ id, actions }) => id === jobNamed && (action === '' || actions.includes(action))) ??
    (action === '' ? undefined : catalogue.jobs.find(({ actions }) => actions.includes(action)));
  return {
    workspaceId: workspace?.id ?? '',
    caseRef: workspace?.openCases.includes(caseRef) ? caseRef : (only ?? ''),
    job: (reveals && !namedJob?.readOnly ? undefined : namedJob?.id) ?? (action === '' ? (jobs[0]?.id ?? '') : ''),
    reason: '',
    minutes: Math.min(30, catalogue.visits.capMinutes),
    ...(asks && { asks }),
    ...(action !== '' && { action, target: isUnaskable ? '' : (refused?.target ?? asked.get('target') ?? '') }),
    ...(asked.get('args') !== null && !isUnaskable && { args: asked.get('args') ?? '' }),
    ...(reveals && { field, record: asked.get('record') ?? undefined }),
    ...(asks && !reveals && sensitive.length > 0 && { sensitive: sensitive.map(({ id }) => id) }),
    ...(asks && asked.get('viewAs') !== null && { viewAs: asked.get('viewAs') ?? '' }),
  };
}

/** Whose workspace, and for which open case. */
export function CaseSection({
  choices: {
    workspaces,
    catalogue: {
      visits: { caseRequired },
    },
  },
  typed,
  set,
  pressed,
  asked,
  field,
}: StartPart & {
  /** A start was pressed. */
  readonly pressed: boolean;
  /** The case that the address named. */
  readonly asked: string | null;
  readonly field: Ref<HTMLSelectElement>;
}) {
  const ids = { workspace: useId(), case: useId(), error: useId() };
  const workspace = workspaces.nodes.find(({ id }) => id === typed.workspaceId);
  const cases = workspace?.openCases ?? [];
  const missing = pressed && typed.caseRef === '' && (caseRequired || typed.workspaceId === '');
  const gone = asked !== null && asked !== '' && !workspaces.nodes.some(({ openCases }) => openCases.includes(asked));
  return (
    <Section
      title="The case"
      first
      hint={
        caseRequired
          ? 'A visit is for one open support case.'
          : 'A visit is for one open support case, where there is one.'
      }
    >
      <div role="alert">
        {gone && typed.caseRef === '' && (
          <p className="note plain case-gone">
            {caseShown(asked)} is not an open case that you could visit for. Choose one that is open.
          </p>
        )}
      </div>
      <div className="two">
        <div>
          <label htmlFor={ids.workspace}>Workspace</label>
          <select
            id={ids.workspace}
            value={typed.workspaceId}
            onChange={({ target }) => {
              const next = workspaces.nodes.find(({ id }) => id === target.value);
              const only = next?.openCases.length === 1 ? next.openCases[0] : undefined;
              set({ workspaceId: target.value, caseRef: only ?? '' });
            }}
          >
            {typed.workspaceId === '' && <option value="">Choose a customer</option>}
            {workspaces.nodes.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label htmlFor={ids.case}>Open case</label>
          <select
            id={ids.case}
            ref={field}
            value={typed.caseRef}
            aria-required={caseRequired}
            aria-invalid={missing || undefined}
            aria-describedby={missing ? ids.error : undefined}
            onChange={({ target }) => set({ caseRef: target.value })}
          >
            {(typed.caseRef === '' || !caseRequired) && (
              <option value="">{caseRequired ? 'Choose a case' : 'Without a case'}</option>
            )}
            {typed.caseRef !== '' && !cases.includes(typed.caseRef) && (
              <option value={typed.caseRef}>{caseShown(typed.caseRef)}</option>
            )}
            {cases.map((ref) => (
              <option key={ref} value={ref}>
                {caseShown(ref)}
              </option>
            ))}
          </select>
          <p className="error" id={ids.error} role="alert">
            {missing &&
              (caseRequired ? 'Choose the case that you go in for.' : 'Choose the customer that you go in to.')}
          </p>
        </div>
      </div>
      {workspace?.openCases.length === 0 && (
        <p className="hint">
          This workspace has no open case.{!caseRequired && ' Say in the reason what it is about.'}
        </p>
      )}
      {workspaces.pageInfo.hasNextPage && (
        <p className="hint">Only the first 100 customers are listed. Come here from the case, and its own is chosen.</p>
      )}
    </Section>
  );
}
